// How many people came to each stage, how they ended there, how many went on.

import { language } from "../../common/language";
import type { MoveView, PlaceCounts } from "../../wire";
import { count, TableFrame } from "../widgets";
import { isInside } from "./standing";
import { office, statusWords } from "./strings";

/** All places of a computation, one after the other. */
export function Funnel(props: { places: PlaceCounts[]; moves: MoveView[] }) {
  const text = office.computation;
  const widest = Math.max(1, ...props.places.map((place) => place.entered));
  return (
    <section class="card" data-testid="funnel">
      <h3>{text.funnel}</h3>
      <ol class="funnel">
        {props.places.map((place) => <Place key={place.place} place={place} widest={widest} />)}
      </ol>
      {props.moves.length > 0 && <Moves moves={props.moves} />}
    </section>
  );
}

function Place(props: { place: PlaceCounts; widest: number }) {
  const text = office.computation;
  const { place, widest } = props;
  const ended = place.decided.reduce((sum, status) => sum + status.people, 0);
  return (
    <li data-testid={`place-${place.place}`}>
      <h4>{place.title}</h4>
      <p class="tabular">
        <strong>{text.entered(count(place.entered))}</strong> <span class="soft">· {text.ended(count(ended))}</span> · <strong>{text.wentOn(count(place.went_on))}</strong>
      </p>
      <Bar place={place} widest={widest} />
      {place.decided.length > 0 && <table class="small-table">
        <caption class="visually-hidden">{place.title}</caption>
        <thead>
          <tr><th scope="col">{text.status}</th><th scope="col">{text.code}</th><th scope="col" class="number">{text.people}</th></tr>
        </thead>
        <tbody>
          {place.decided.map((status) => (
            <tr key={`${status.status} ${status.code}`}>
              <th scope="row" class="plain">{status.title[language()] === "" ? statusWords(status.status) : status.title[language()]}</th>
              <td class="code">{status.code}</td>
              <td class="number">{count(status.people)}</td>
            </tr>
          ))}
        </tbody>
      </table>}
    </li>
  );
}

const BAR = 1000;

// Decoration: the numbers stand beside it.
function Bar(props: { place: PlaceCounts; widest: number }) {
  const { place, widest } = props;
  const inside = place.went_on + place.decided.filter((status) => isInside(status.status)).reduce((sum, status) => sum + status.people, 0);
  return (
    <svg class="funnel-bar" viewBox={`0 0 ${BAR} 20`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="came" x="0" y="0" width={(place.entered / widest) * BAR} height="20" />
      <rect class="inside" x="0" y="0" width={(Math.min(inside, place.entered) / widest) * BAR} height="20" />
    </svg>
  );
}

function Moves(props: { moves: MoveView[] }) {
  const text = office.computation;
  return (
    <>
      <h4>{text.moves}</h4>
      <TableFrame label={text.moves}>
        <table class="full">
          <caption class="visually-hidden">{text.moves}</caption>
          <thead>
            <tr><th scope="col">{text.moveStep}</th><th scope="col">{office.lists.number}</th><th scope="col">{text.moveFrom}</th><th scope="col">{text.moveTo}</th></tr>
          </thead>
          <tbody>
            {props.moves.map((move) => (
              <tr key={`${move.step} ${move.participant_no}`}>
                <td class="code">{move.step}</td>
                <th scope="row" class="plain code">{move.participant_no}</th>
                <td class="code">{move.from}</td>
                <td class="code">{move.to}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </>
  );
}

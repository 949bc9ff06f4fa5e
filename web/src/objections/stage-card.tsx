// One stage: the candidate's published line, the window, the objection or the form for it.

import { useEffect, useRef, useState } from "preact/hooks";
import { dateTime } from "../common/format";
import type { Id, MyObjection, MyStage, ObjectionWindow } from "../wire";
import { ObjectionForm } from "./objection-form";
import { windowPlace, windowTurned, type Attachment, type Draft, type Trouble } from "./state";
import { text } from "./text";
import { TroubleNotice } from "./trouble";

interface StageCardProps {
  stage: MyStage;
  draft: Draft;
  sending: boolean;
  sent: boolean;
  trouble: Trouble | undefined;
  write: (part: Partial<Draft>) => void;
  read: (choice: Id, file: Attachment | undefined) => void;
  send: () => void;
  /** Asks the server how things stand. */
  again: () => void;
}

/** The card of a stage. */
export function StageCard(props: StageCardProps) {
  const { stage } = props;
  return (
    <section class="card stage" data-testid="my-stage">
      <h2>{stage.title}</h2>
      <p class="links" role="group" aria-label={text.linksOf(stage.title)}>
        {stage.line !== "" && <a class="button" href={stage.line} data-testid="my-line">{text.line}</a>}
        {stage.certificate !== "" && <a class="button" href={stage.certificate} data-testid="my-certificate">{text.certificate}</a>}
      </p>
      <Window window={stage.window} turned={props.again} />
      <div role="status">{props.sent && <p class="notice good" data-testid="objection-sent">{text.own.sent}</p>}</div>
      {stage.objection !== null
        ? <Own objection={stage.objection} />
        : stage.open && !props.sent ? <ObjectionForm {...props} /> : <TroubleNotice trouble={props.trouble} testid="objection-trouble" />}
    </section>
  );
}

const TICK_MS = 15_000;

function Window(props: { window: ObjectionWindow | null; turned: () => void }) {
  const words = text.window;
  const { window } = props;
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const last = useRef(now);
  useEffect(() => {
    const turned = windowTurned(window, last.current, now);
    last.current = now;
    if (turned) {
      props.turned();
    }
  }, [now]);
  const place = windowPlace(window, now);
  switch (place.at) {
    case "none":
      return <p class="soft" data-testid="window">{words.none}</p>;
    case "before":
      return <p class="notice" data-testid="window">{words.before(dateTime(place.window.opens_utc_ms))}</p>;
    case "open":
      return <p class="notice good" data-testid="window">{words.open(dateTime(place.window.closes_utc_ms), words.left(place.left.days, place.left.hours, place.left.minutes))}</p>;
    case "over":
      return <p class="soft" data-testid="window">{words.over(dateTime(place.window.closes_utc_ms))}</p>;
  }
}

function Own(props: { objection: MyObjection }) {
  const words = text.own;
  const { objection } = props;
  const decided = objection.answered_utc_ms !== null;
  return (
    <div class="own" data-testid="my-objection" data-state={objection.state}>
      <h3>{words.heading}</h3>
      <p><span class={`state ${objection.state}`}>{words.states[objection.state] ?? objection.state}</span> <span class="soft">{words.received(dateTime(objection.at_utc_ms))}</span></p>
      <p class="written">{objection.text}</p>
      {objection.attachment !== null && <p class="soft">{words.attachment(objection.attachment)}</p>}
      {decided && objection.answered_utc_ms !== null
        ? (
          <>
            <h3>{words.answer}</h3>
            <p class="written" data-testid="my-answer">{objection.answer}</p>
            <p class="soft">{words.answered(dateTime(objection.answered_utc_ms))}</p>
          </>
        )
        : <p class="soft">{words.wait}</p>}
    </div>
  );
}

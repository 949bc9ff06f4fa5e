// The search box and what it found: a combobox over the list of people, so that one hand on the keyboard is enough.

import { useEffect, useRef } from "preact/hooks";
import { newId } from "../common/api";
import type { DeskPerson } from "../wire";
import type { Action, Desk } from "./state";
import { deskText } from "./text";

export function Search(props: { state: Desk; dispatch: (action: Action) => void }) {
  const text = deskText();
  const { state, dispatch } = props;
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    box.current?.focus();
    box.current?.select();
  }, [state.focusFind]);
  useEffect(() => {
    if (state.active >= 0) {
      document.getElementById(`person-${state.active}`)?.scrollIntoView({ block: "nearest" });
    }
  }, [state.active]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      dispatch({ type: "move", by: event.key === "ArrowDown" ? 1 : -1 });
    } else if (event.key === "Enter" && !event.ctrlKey) {
      event.preventDefault();
      dispatch({ type: "enter", freshId: newId() });
    }
  };
  const people = state.list?.people ?? [];
  return (
    <section class="desk-search" aria-label={text.find}>
      <label class="desk-find">
        {text.find}
        <input ref={box} type="text" role="combobox" aria-expanded={people.length > 0} aria-controls="people" aria-autocomplete="list" aria-activedescendant={state.active >= 0 ? `person-${state.active}` : undefined}
          aria-describedby="find-hint" autocomplete="off" autocapitalize="characters" spellcheck={false} data-testid="find" value={state.find}
          onInput={(event) => dispatch({ type: "find", find: event.currentTarget.value })} onKeyDown={onKeyDown} />
      </label>
      <p id="find-hint" class="soft desk-hint">{text.findHint}</p>
      <p class="soft desk-found" role="status" data-testid="found">{state.list === undefined ? "" : people.length === 0 ? text.noneFound : text.found(people.length)}</p>
      <ul id="people" class="people" role="listbox" aria-label={text.people} data-testid="people" tabIndex={-1}>
        {people.map((person, index) => (
          <PersonLine key={person.session} person={person} index={index} active={state.active === index} chosen={state.card?.person.session === person.session}
            open={() => dispatch({ type: "open", session: person.session, freshId: newId() })} />
        ))}
      </ul>
    </section>
  );
}

function PersonLine(props: { person: DeskPerson; index: number; active: boolean; chosen: boolean; open: () => void }) {
  const text = deskText();
  const { person } = props;
  const classes = ["person-line", `line-${person.attendance}`, props.active && "line-active", props.chosen && "line-chosen"].filter(Boolean).join(" ");
  return (
    <li id={`person-${props.index}`} class={classes} role="option" aria-selected={props.active || props.chosen} data-testid="person" data-session={person.session} data-number={person.participant_no} data-attendance={person.attendance}
      onClick={props.open}>
      <span class="line-number tabular">{person.participant_no}</span>
      <span class="line-name">{person.name}{person.extra_time_s > 0 && <span class="line-extra" title={person.accommodation}> +{Math.round(person.extra_time_s / 60)}′</span>}</span>
      <span class="line-state">{person.attendance === "expected" ? "" : text.attendance[person.attendance]}{person.seat === null ? "" : ` ${person.seat}`}</span>
    </li>
  );
}

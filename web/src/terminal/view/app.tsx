// Which page goes with the state.

import { type State, screen } from "../state";
import { Blocked, Ended } from "./after";
import { Confirm, NotMe, Rules, SignIn, Waiting } from "./before";
import { Dialogs } from "./dialogs";
import { Exam } from "./exam";
import { Page, type ViewProps, Voice } from "./frame";
import { Practice } from "./practice";
import { t } from "./texts";

/** Everything visible. */
export function App(props: ViewProps) {
  return (
    <>
      {shown(props)}
      <Dialogs {...props} />
      <Voice state={props.state} />
    </>
  );
}

function shown(props: ViewProps) {
  const state: State = props.state;
  const now = screen(state);
  switch (now) {
    case "asking":
      return <Page {...props} title={t.asking} />;
    case "unreachable":
      return (
        <Page {...props} title={t.unreachable.title}>
          <p data-testid="unreachable">{t.unreachable.text}</p>
        </Page>
      );
    case "sign_in":
      return <SignIn {...props} />;
    case "blocked":
      return <Blocked {...props} why={state.blocked ?? "error"} />;
    case "confirm":
      return <Confirm {...props} />;
    case "not_me":
      return <NotMe {...props} />;
    case "rules":
      return <Rules {...props} />;
    case "practice":
      return <Practice {...props} />;
    case "waiting":
      return <Waiting {...props} />;
    case "loading":
      return (
        <Page {...props} title={t.loading.title}>
          <p>{state.clock?.view.phase === "paused" ? t.paused.text : t.loading.text}</p>
        </Page>
      );
    case "exam":
      return <Exam {...props} />;
    case "ending":
      return <Page {...props} title={t.ended.ending} />;
    case "ended":
      return <Ended {...props} />;
    default: {
      const unknown: never = now;
      return unknown;
    }
  }
}

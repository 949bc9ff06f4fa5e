// The public list of publications.

import { render, type ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get, type Outcome } from "../common/api";
import { dateTime } from "../common/format";
import { texts } from "../common/language";
import { LanguageSwitch, RefusalText } from "../common/sign-in";
import { resultsStrings } from "../strings/results";
import type { PublicationView } from "../wire";
import { group, shortHash, type StageGroup } from "./grouping";
import "./results.css";

const text = texts(resultsStrings);

function Results() {
  const [outcome, setOutcome] = useState<Outcome<PublicationView[]>>();
  const ask = (): void => {
    setOutcome(undefined);
    void get<PublicationView[]>("/api/v1/publications").then(setOutcome);
  };
  useEffect(() => {
    document.title = `${text.title} · Saksama`;
    ask();
  }, []);
  return (
    <div class="results">
      <a class="skip-link" href="#main">{text.skip}</a>
      <header class="staff-bar">
        <a class="staff-title" href="/" title={text.home}>Saksama</a>
        <span class="staff-space" />
        <LanguageSwitch />
      </header>
      <main id="main" tabIndex={-1}>
        <h1>{text.title}</h1>
        <p class="intro">{text.intro}</p>
        <p class="intro"><a href="/sanggah" data-testid="to-objections">{text.object}</a> {text.objectHint}</p>
        <div aria-live="polite">
          {outcome === undefined && <p class="soft" role="status">{text.loading}</p>}
          {outcome?.kind === "unreachable" && <Trouble ask={ask}>{text.unreachable}</Trouble>}
          {outcome?.kind === "refused" && <Trouble ask={ask}><RefusalText refusal={outcome.refusal} /></Trouble>}
          {outcome?.kind === "ok" && <List publications={outcome.value} />}
        </div>
      </main>
    </div>
  );
}

function Trouble(props: { ask: () => void; children: ComponentChildren }) {
  return (
    <div class="notice bad" data-testid="trouble">
      {props.children}
      <p class="again"><button type="button" data-testid="retry" onClick={props.ask}>{text.retry}</button></p>
    </div>
  );
}

function List(props: { publications: PublicationView[] }) {
  if (props.publications.length === 0) {
    return <p class="card nothing" data-testid="publications-empty">{text.empty}</p>;
  }
  return (
    <>
      {group(props.publications).map((selection) => (
        <section key={selection.selection} data-testid="selection">
          <h2>{selection.selection}</h2>
          {selection.stages.map((stage) => <Stage key={stage.stage} group={stage} />)}
        </section>
      ))}
      <details class="card how">
        <summary>{text.check}</summary>
        <p>{text.checkHow}</p>
      </details>
    </>
  );
}

function Stage(props: { group: StageGroup }) {
  const { current, earlier } = props.group;
  return (
    <article class="card publication" data-testid={`publication-${current.id}`}>
      <p class="stage soft">{props.group.stage}</p>
      <Publication publication={current} inForce />
      {earlier.length > 0 && (
        <details class="earlier">
          <summary data-testid="earlier">{text.earlier(earlier.length)}</summary>
          {earlier.map((publication) => <div key={publication.id} class="older"><Publication publication={publication} /></div>)}
        </details>
      )}
    </article>
  );
}

function Publication(props: { publication: PublicationView; inForce?: boolean }) {
  const { publication } = props;
  const base = `/hasil/${publication.id}`;
  return (
    <>
      <h3><a href={base} data-testid="publication-link">{publication.title}</a></h3>
      <p class="facts">
        <span class={props.inForce === true ? "state current" : "state replaced"}>{text.revision(publication.revision)}, {props.inForce === true ? text.current : text.replaced}</span>
        <span>{dateTime(publication.published_utc_ms)}</span>
        <span>{text.people(publication.people.toLocaleString("id-ID"))}</span>
        {publication.number !== "" && <span>{text.number(publication.number)}</span>}
      </p>
      {publication.reason !== "" && <p class="reason">{text.reason(publication.reason)}</p>}
      <p class="files">
        {props.inForce === true && <a class="button primary" href={base}>{text.page}<span class="visually-hidden">: {publication.title}</span></a>}
        <span class="row-of-files" role="group" aria-label={text.filesOf(publication.title)}>
          {["pdf", "xlsx", "csv", "json"].map((kind) => <a key={kind} class="file" href={`${base}/daftar.${kind}`} data-testid={`file-${kind}`}>{kind.toUpperCase()}</a>)}
          <a class="file" href={`${base}/semua.zip`} data-testid="file-zip">{text.zip}</a>
        </span>
      </p>
      {props.inForce === true && <FindNumber publication={publication} />}
      <Hash publication={publication} />
    </>
  );
}

// A form of the browser's own: the answer is a page of the publication, which works without scripts as well.
function FindNumber(props: { publication: PublicationView }) {
  const { publication } = props;
  const id = `find-${publication.id}`;
  return (
    <form class="find-number" action={`/hasil/${publication.id}/cari`} method="get" role="search" aria-label={text.findIn(publication.title)}>
      <label for={id}>{text.find}</label>
      <span class="find-row">
        <input id={id} name="nomor" type="search" required autocomplete="off" autocapitalize="characters" spellcheck={false} data-testid="find-number" />
        <button type="submit" data-testid="find-submit">{text.findSubmit}</button>
      </span>
    </form>
  );
}

function Hash(props: { publication: PublicationView }) {
  const { publication } = props;
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard?.writeText(publication.sha256).then(() => setCopied(true));
  };
  return (
    <p class="hash soft">
      {text.sha} <code title={publication.sha256} data-testid="sha256">{shortHash(publication.sha256)}…</code>
      <button type="button" class="copy" aria-label={text.copyOf(publication.title, publication.revision)} onClick={copy}>{text.copy}</button>
      <span role="status">{copied && text.copied}</span>
    </p>
  );
}

const app = document.getElementById("app");
if (app !== null) {
  render(<Results />, app);
}

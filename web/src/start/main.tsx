// The start page: what this is, and the way to every role's page.

import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get } from "../common/api";
import { language, texts } from "../common/language";
import { LanguageSwitch } from "../common/sign-in";
import { startStrings } from "../strings/start";
import { pageOf, partsOf, stepsFor, type Demo } from "./demo";
import "./start.css";

const text = texts(startStrings);
const CANDIDATES_SHOWN = 8;

function Start() {
  const demo = useDemo();
  return (
    <div class="start">
      <a class="skip-link" href="#main">{text.skip}</a>
      <header class="staff-bar">
        <span class="staff-title" aria-hidden="true">{text.title}</span>
        <span class="staff-space" />
        <LanguageSwitch />
      </header>
      <main id="main" tabIndex={-1}>
        <div class="hero">
          <h1>{text.title}</h1>
          <p class="tagline">{text.tagline}</p>
          <p>{text.sentences.join(" ")}</p>
          {demo !== undefined && <p><a class="button primary" href="#demo" data-testid="to-demo">{text.demo.heading}</a></p>}
        </div>
        <nav aria-labelledby="roles">
          <h2 id="roles">{text.rolesHeading}</h2>
          <ul class="doors">
            <Door href="/ujian" testid="role-terminal" {...text.roles.terminal} />
            <Door href="/meja" testid="role-desk" {...text.roles.desk} />
            <Door href="/pengawas" testid="role-proctor" {...text.roles.proctor} />
            <Door href="/panitia" testid="role-committee" {...text.roles.committee} />
          </ul>
          <h2>{text.publicHeading}</h2>
          <ul class="doors">
            <Door href="/papan" testid="role-board" {...text.publicPages.board} />
            <Door href="/hasil" testid="role-results" {...text.publicPages.results} />
            <Door href="/sanggah" testid="role-objections" {...text.publicPages.objections} />
          </ul>
        </nav>
        {demo !== undefined && <DemoSection demo={demo} />}
      </main>
    </div>
  );
}

function Door(props: { href: string; name: string; what: string; testid: string }) {
  return (
    <li class="card door">
      <h3><a href={props.href} data-testid={props.testid}>{props.name}</a></h3>
      <p>{props.what}</p>
      <span class="path" aria-hidden="true">{props.href} →</span>
    </li>
  );
}

function useDemo(): Demo | undefined {
  const [demo, setDemo] = useState<Demo>();
  useEffect(() => {
    void get<Demo>("/api/v1/demo").then((outcome) => {
      // Any other answer means an installation for real exams: it has no demo, and nobody needs to hear about it.
      if (outcome.kind === "ok") {
        setDemo(outcome.value);
      }
    });
  }, []);
  return demo;
}

function DemoSection(props: { demo: Demo }) {
  const { demo } = props;
  const shown = demo.candidates.slice(0, CANDIDATES_SHOWN);
  return (
    <section id="demo" class="demo" aria-labelledby="demo-heading" data-testid="demo">
      <h2 id="demo-heading">{text.demo.heading}</h2>
      <p>{text.demo.intro(demo.selection)}</p>
      <p class="notice">{text.demo.tip}</p>
      <div class="demo-parts">
        <div class="card">
          <h3>{text.demo.steps}</h3>
          <ol class="walk" data-testid="demo-steps">
            {stepsFor(demo, language(), text.demo.walk).map((step) => <li key={step}>{partsOf(step).map((part, index) =>
              part.href === undefined ? part.text : <a key={index} href={part.href} target="_blank" rel="noopener">{part.text}</a>)}</li>)}
          </ol>
        </div>
        <div>
          <div class="card">
            <table data-testid="demo-staff">
              <caption>{text.demo.staff}</caption>
              <thead>
                <tr><th scope="col">{text.demo.role}</th><th scope="col">{text.demo.login}</th><th scope="col">{text.demo.password}</th></tr>
              </thead>
              <tbody>
                {demo.staff.map((person) => (
                  <tr key={person.login}>
                    <th scope="row">
                      {text.demo.roleNames[person.role] ?? person.role} <a class="page" href={pageOf(person.role)} target="_blank" rel="noopener">{pageOf(person.role)}</a>
                      <small>{person.name}</small>
                    </th>
                    <td><code>{person.login}</code></td>
                    <td><code>{person.password}</code></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <div class="card">
            <table data-testid="demo-candidates">
              <caption>{text.demo.candidates}</caption>
              <thead><tr><th scope="col">{text.demo.number}</th><th scope="col">{text.demo.name}</th></tr></thead>
              <tbody>
                {shown.map((candidate) => <tr key={candidate.participant_no}><td><code>{candidate.participant_no}</code></td><th scope="row">{candidate.name}</th></tr>)}
              </tbody>
            </table>
            {demo.candidates.length > shown.length && <p class="soft more">{text.demo.more(demo.candidates.length - shown.length)}</p>}
          </div>
        </div>
      </div>
    </section>
  );
}

const app = document.getElementById("app");
if (app !== null) {
  render(<Start />, app);
}

// The committee's pages: one document, its pages named by the hash.

import { render } from "preact";
import { StaffGate } from "../common/sign-in";
import { App } from "./app";
import { strings } from "./strings";
import "./committee.css";

const app = document.getElementById("app");
if (app !== null) {
  render(<StaffGate roles={["committee", "author", "admin", "auditor"]} title={strings.title}>{(me) => <App me={me} />}</StaffGate>, app);
}

// The frame of the committee's pages: the navigation and the page the hash names.

import { useEffect, useState } from "preact/hooks";
import type { Me } from "../wire";
import { areasFor, firstArea, onlyReads } from "./access";
import { BankPage } from "./bank";
import { BankImportPage } from "./bank-import";
import { lazy } from "./lazy";
import { areaOf, href, readRoute, resultsAt, WHOLE_BANK, type Area, type Route } from "./route";
import { SelectionPage } from "./selection";
import { SelectionsPage } from "./selections";
import { StaffPage } from "./staff";
import { strings } from "./strings";
import { WatchPage } from "./watch";

// The largest area, and the one nobody needs while a selection is set up.
const ResultsArea = lazy(() => import("./results/area").then((module) => module.ResultsArea));

const ENTRIES: Record<Area, Route> = {
  selections: { at: "selections" },
  bank: WHOLE_BANK,
  watch: { at: "watch" },
  results: resultsAt(),
  staff: { at: "staff" },
};

/** Navigation, and below it the page. */
export function App(props: { me: Me }) {
  const route = useRoute(ENTRIES[firstArea(props.me)]);
  const area = areaOf(route);
  return (
    <div class="committee">
      <nav class="areas" aria-label={strings.nav.label}>
        {areasFor(props.me).map((entry) => (
          <a key={entry} href={href(ENTRIES[entry])} aria-current={entry === area ? "page" : undefined} data-testid={`nav-${entry}`}>{strings.nav[entry]}</a>
        ))}
      </nav>
      {onlyReads(props.me) && <p class="notice read-only" data-testid="read-only">{strings.nav.readOnly}</p>}
      <Page me={props.me} route={route} />
    </div>
  );
}

function Page(props: { me: Me; route: Route }) {
  const { me, route } = props;
  switch (route.at) {
    case "selections":
      return <SelectionsPage me={me} />;
    case "selection":
    case "step":
    case "blueprint":
      return <SelectionPage key={route.selection} me={me} route={route} />;
    case "bank":
      return <BankPage me={me} route={route} />;
    case "import":
      return <BankImportPage me={me} />;
    case "watch":
      return <WatchPage />;
    case "results":
      return <ResultsArea me={me} route={route} />;
    case "staff":
      return <StaffPage me={me} />;
  }
}

function useRoute(first: Route): Route {
  const read = (): Route => (location.hash.length > 1 ? readRoute(location.hash) : first);
  const [route, setRoute] = useState(read);
  useEffect(() => {
    const changed = (): void => {
      setRoute(read());
      window.scrollTo(0, 0);
    };
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return route;
}

// The question bank: its contents at the side, the items of the chosen part beside them.

import { useEffect, useState } from "preact/hooks";
import type { BankCell, ItemPage, Me } from "../wire";
import { may } from "./access";
import { ItemLine } from "./item";
import { Loaded, useDocument } from "./load";
import { BANK_PAGE, bankPath } from "./paths";
import { sectionsOf, subtopicsOf, topicsOf } from "./pool";
import { href, WHOLE_BANK, type Route } from "./route";
import { strings } from "./strings";
import { count, Empty, Pager } from "./widgets";

type BankRoute = Extract<Route, { at: "bank" }>;

/** `#/bank`. */
export function BankPage(props: { me: Me; route: BankRoute }) {
  const text = strings.bank;
  const { route } = props;
  const mayImport = may(props.me, "author");
  const page = useDocument<ItemPage>(bankPath(route));
  // The contents stay while another part is loaded.
  const [contents, setContents] = useState<BankCell[]>();
  useEffect(() => {
    if (page.value !== undefined) {
      setContents(page.value.cells);
    }
  }, [page.value]);
  return (
    <section class="page" data-testid="page-bank">
      <div class="page-head">
        <h2>{text.heading}</h2>
        <div class="row">
          {mayImport && <a class="button primary" href={href({ at: "import" })} data-testid="bank-import">{text.importLink}</a>}
          <a class="button" href="/api/v1/bank/template.csv" download data-testid="bank-template-csv">{text.templateCsv}</a>
          <a class="button" href="/api/v1/bank/template.xlsx" download data-testid="bank-template-xlsx">{text.templateXlsx}</a>
          <a class="button" href="/api/v1/bank/export.csv" download data-testid="bank-export">{text.exportCsv}</a>
        </div>
      </div>
      <div class="beside">
        <Contents cells={contents} route={route} />
        <div class="beside-main">
          <FindForm key={route.find} route={route} />
          <Loaded of={page}>{(found) => <ItemList found={found} route={route} mayImport={mayImport} />}</Loaded>
        </div>
      </div>
    </section>
  );
}

function Contents(props: { cells: BankCell[] | undefined; route: BankRoute }) {
  const text = strings.bank;
  const { route } = props;
  const cells = props.cells ?? [];
  const link = (section: string, topic: string): { href: string; "aria-current": "page" | undefined } => ({
    href: href({ at: "bank", section, topic, find: "", page: 1 }),
    "aria-current": route.section === section && route.topic === topic ? "page" : undefined,
  });
  return (
    <nav class="contents" aria-label={text.contents} data-testid="bank-contents">
      <a class="contents-all" {...link("", "")}>{text.all} <span class="tabular soft">{count(cells.reduce((sum, cell) => sum + cell.items, 0))}</span></a>
      {sectionsOf(cells).map((section) => (
        <details key={section.code} open={route.section === section.code || (route.section === "" && sectionsOf(cells).length <= 4)}>
          <summary><a {...link(section.code, "")} data-testid={`contents-${section.code}`}>{section.code}</a> <span class="tabular soft">{count(section.items)}</span></summary>
          <ul>
            {topicsOf(cells, section.code).map((topic) => (
              <li key={topic.code}>
                <a {...link(section.code, topic.code)} data-testid={`contents-${section.code}-${topic.code}`}>{topic.code}</a> <span class="tabular soft">{count(topic.items)}</span>
                {route.section === section.code && route.topic === topic.code && (
                  <ul class="subtopics soft">
                    {subtopicsOf(cells, section.code, topic.code).map((subtopic) => <li key={subtopic.code}>{subtopic.code} <span class="tabular">{count(subtopic.items)}</span></li>)}
                  </ul>
                )}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </nav>
  );
}

function FindForm(props: { route: BankRoute }) {
  const text = strings.bank;
  const { route } = props;
  const [words, setWords] = useState(route.find);
  const filtered = route.section !== "" || route.topic !== "" || route.find !== "";
  return (
    <form role="search" class="row find" onSubmit={(event) => {
      event.preventDefault();
      location.hash = href({ ...route, find: words.trim(), page: 1 });
    }}>
      <label class="visually-hidden" for="bank-find">{text.findLabel}</label>
      <input id="bank-find" type="search" class="grow" placeholder={text.findLabel} data-testid="bank-find" value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      <button type="submit" data-testid="bank-find-go">{strings.common.find}</button>
      {filtered && <a class="button" href={href(WHOLE_BANK)} data-testid="bank-clear">{strings.common.clear}</a>}
    </form>
  );
}

function ItemList(props: { found: ItemPage; route: BankRoute; mayImport: boolean }) {
  const text = strings.bank;
  const { found, route } = props;
  if (found.total === 0) {
    const wholeEmpty = found.cells.length === 0;
    return (
      <Empty testid="bank-empty">
        <p>{wholeEmpty ? text.empty : text.findNone}</p>
        {wholeEmpty && props.mayImport && <p class="soft">{text.emptyHint}</p>}
      </Empty>
    );
  }
  const place = [route.section, route.topic].filter((part) => part !== "").join(" / ");
  return (
    <>
      <p class="tabular" data-testid="bank-total">{place !== "" && <strong>{place}: </strong>}{text.total(count(found.total))}</p>
      <div class="item-list" role="group" aria-label={text.list}>
        {found.items.map((item) => <ItemLine key={`${item.id}/${item.version}`} item={item} />)}
      </div>
      <Pager page={route.page} size={BANK_PAGE} total={found.total} testid="bank-pager" go={(page) => {
        location.hash = href({ ...route, page });
      }} />
    </>
  );
}

// The question bank: its contents at the side, the items of the chosen part beside them.

import { useEffect, useState } from "preact/hooks";
import type { BankCell, ItemPage, Me } from "../wire";
import { mayEverywhere } from "./access";
import { ItemLine } from "./item";
import { Loaded, useDocument } from "./load";
import { BANK_PAGE, bankPath } from "./paths";
import { sectionsOf, subtopicsOf, topicsOf } from "./pool";
import { href, WHOLE_BANK, type Route } from "./route";
import { strings } from "./strings";
import { useWide } from "./use-wide";
import { count, Empty, Pager } from "./widgets";

type BankRoute = Extract<Route, { at: "bank" }>;

/** `#/bank`. */
export function BankPage(props: { me: Me; route: BankRoute }) {
  const text = strings.bank;
  const { route } = props;
  const mayWrite = mayEverywhere(props.me, "write items");
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
          {mayWrite && <a class="button primary" href={href({ at: "import" })} data-testid="bank-import">{text.importLink}</a>}
          <a class="button" href="/api/v1/bank/template.csv" download data-testid="bank-template-csv">{text.templateCsv}</a>
          <a class="button" href="/api/v1/bank/template.xlsx" download data-testid="bank-template-xlsx">{text.templateXlsx}</a>
          {mayWrite && <a class="button" href="/api/v1/bank/export.csv" download data-testid="bank-export">{text.exportCsv}</a>}
          {mayWrite && <a class="button" href="/api/v1/bank/export.zip" download data-testid="bank-export-zip">{text.exportZip}</a>}
        </div>
      </div>
      <div class="beside">
        <Contents cells={contents} route={route} />
        <div class="beside-main">
          <FindForm key={route.find} route={route} />
          <Loaded of={page}>{(found) => <ItemList found={found} route={route} mayWrite={mayWrite} />}</Loaded>
        </div>
      </div>
    </section>
  );
}

function Contents(props: { cells: BankCell[] | undefined; route: BankRoute }) {
  const text = strings.bank;
  const { route } = props;
  const wide = useWide();
  const [open, setOpen] = useState(false);
  // On a phone the contents fold away again once a part was chosen.
  useEffect(() => setOpen(false), [route.section, route.topic, route.subtopic]);
  const cells = props.cells ?? [];
  const sections = sectionsOf(cells);
  const place = [route.section, route.topic, route.subtopic].filter((part) => part !== "").join(" / ");
  return (
    <nav class="contents" aria-label={text.contents} data-testid="bank-contents">
      <details open={wide || open} onToggle={(event) => {
        if (!wide) {
          setOpen(event.currentTarget.open);
        }
      }}>
        <summary>{text.contents}{place !== "" && <span class="soft">: {place}</span>}</summary>
        <ul class="contents-list">
          <li><ContentsLink route={route} section="" topic="" name={text.all} items={cells.reduce((sum, cell) => sum + cell.items, 0)} /></li>
          {sections.map((section) => (
            <li key={section.code}>
              <ContentsLink route={route} section={section.code} topic="" name={section.code} items={section.items} />
              {(sections.length <= SECTIONS_OPEN || route.section === section.code) && (
                <ul>
                  {topicsOf(cells, section.code).map((topic) => (
                    <li key={topic.code}>
                      <ContentsLink route={route} section={section.code} topic={topic.code} name={topic.code} items={topic.items} />
                      {route.section === section.code && route.topic === topic.code && (
                        <ul class="subtopics">
                          {subtopicsOf(cells, section.code, topic.code).map((subtopic) => (
                            <li key={subtopic.code}>
                              <ContentsLink route={route} section={section.code} topic={topic.code} subtopic={subtopic.code} name={subtopic.code} items={subtopic.items} />
                            </li>
                          ))}
                        </ul>
                      )}
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      </details>
    </nav>
  );
}

// With few sections all topics fit on the page.
const SECTIONS_OPEN = 4;

function ContentsLink(props: { route: BankRoute; section: string; topic: string; subtopic?: string; name: string; items: number }) {
  const { route, section, topic } = props;
  const subtopic = props.subtopic ?? "";
  return (
    <a class={topic === "" ? "top" : undefined} href={href({ at: "bank", section, topic, subtopic, find: "", page: 1 })}
      aria-current={route.section === section && route.topic === topic && route.subtopic === subtopic ? "page" : undefined} data-testid={`contents-${[section, topic, subtopic].filter((part) => part !== "").join("-")}`}>
      <span>{props.name}</span> <span class="tabular soft">{count(props.items)}</span>
    </a>
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

function ItemList(props: { found: ItemPage; route: BankRoute; mayWrite: boolean }) {
  const text = strings.bank;
  const { found, route } = props;
  if (found.total === 0) {
    const wholeEmpty = found.cells.length === 0;
    return (
      <Empty testid="bank-empty">
        <p>{wholeEmpty ? text.empty : text.findNone}</p>
        {wholeEmpty && props.mayWrite && <p class="soft">{text.emptyHint}</p>}
      </Empty>
    );
  }
  const place = [route.section, route.topic, route.subtopic].filter((part) => part !== "").join(" / ");
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

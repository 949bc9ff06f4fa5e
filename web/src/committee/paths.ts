// Addresses with a query. Pages count from 1 on the screen and on the wire.

/** Items on a page of the bank. */
export const BANK_PAGE = 50;

/** Candidates on a page of their list. */
export const CANDIDATES_PAGE = 100;

/** A page of the bank. */
export function bankPath(query: { section: string; topic: string; subtopic: string; find: string; page: number }): string {
  const { section, topic, subtopic, find } = query;
  return `/api/v1/bank/items${queryOf({ section, topic, subtopic, find, page: String(query.page) })}`;
}

/** A page of a selection's candidates. */
export function candidatesPath(selection: string, query: { find: string; page: number }): string {
  return `/api/v1/selections/${selection}/candidates${queryOf({ find: query.find, page: String(query.page) })}`;
}

function queryOf(values: Record<string, string>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== "") {
      parameters.set(name, value);
    }
  }
  return `?${parameters.toString()}`;
}

// The pages at the end, and those where this page may not go on.

import { marks } from "../../common/format";
import { type Block, unsentAnswers } from "../state";
import { Page, type ViewProps } from "./frame";
import { t } from "./texts";

/** How it ended, and the marks where they are shown. Never a word about who is accepted. */
export function Ended({ state, tell }: ViewProps) {
  const { ended, who } = state;
  if (ended === null || who === null) return null;
  return (
    <Page state={state} tell={tell} title={t.ended[ended.how]}>
      <p data-testid="ended" data-how={ended.how}>
        {who.name}, {who.participant_no}. {t.ended.answered(ended.answered)}
      </p>
      {ended.marks === null ? (
        <p class="notice">{t.ended.no_marks}</p>
      ) : (
        <table class="marks" data-testid="marks">
          <thead>
            <tr>
              <th scope="col">{t.ended.section}</th>
              <th scope="col" class="number">
                {t.ended.marks}
              </th>
            </tr>
          </thead>
          <tbody>
            {ended.marks.sections.map((section) => (
              <tr key={section.code}>
                <th scope="row">{section.title}</th>
                <td class="number" data-testid={`marks-${section.code}`}>
                  {marks(section.marks_milli)}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t.ended.total}</th>
              <td class="number" data-testid="marks-total">
                {marks(ended.marks.total_milli)}
              </td>
            </tr>
          </tfoot>
        </table>
      )}
      <p>{t.ended.quiet}</p>
      <p class="soft">{t.ended.note}</p>
      <button type="button" onClick={() => tell({ t: "leave", sure: false })} data-testid="leave">
        {t.ended.leave}
      </button>
    </Page>
  );
}

/** The server answers, but this page may not go on. */
export function Blocked({ state, tell, why }: ViewProps & { why: Block }) {
  const unsent = unsentAnswers(state);
  const words = t.blocked[why];
  return (
    <Page state={state} tell={tell} title={words.title}>
      <p role="alert" data-testid="blocked" data-why={why}>
        {words.text}
      </p>
      {state.paper !== null && (
        <p class={`notice ${unsent > 0 ? "warn" : "good"}`} data-testid="blocked-unsent" data-unsent={unsent}>
          {unsent > 0 ? t.blocked.unsent(unsent) : t.status.saved}
        </p>
      )}
      <div class="row">
        <button type="button" class="primary" onClick={() => tell({ t: "retry" })} data-testid="retry">
          {why === "version" || why === "error" ? t.blocked.reload : t.blocked.retry}
        </button>
        <button type="button" onClick={() => tell({ t: "leave", sure: false })} data-testid="leave">
          {t.not_me.sign_in}
        </button>
      </div>
    </Page>
  );
}

// Publications and their files.

import { dateTime } from "../../common/format";
import type { PublicationView } from "../../wire";
import { Chip, count, TableFrame } from "../widgets";
import { filesOf } from "./publications";
import { office } from "./strings";

/** Publications, newest first; `named` tells the selection and stage of each, otherwise they are revisions of one stage. */
export function PublicationTable(props: { publications: PublicationView[]; named?: boolean }) {
  const text = office.announcement;
  const newest = Math.max(...props.publications.map((publication) => publication.revision));
  return (
    <TableFrame label={text.published}>
      <table class="full">
        <caption class="visually-hidden">{text.published}</caption>
        <thead>
          <tr>
            <th scope="col">{text.announced}</th>
            <th scope="col">{office.parts.revisions}</th>
            <th scope="col">{office.revisions.files}</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          {props.publications.map((publication) => (
            <tr key={publication.id} data-testid={`publication-${publication.revision}`}>
              <th scope="row" class="plain wide-cell">
                <a href={`/hasil/${publication.id}`}>{publication.title}</a>
                <small class="under soft">
                  {props.named === true && `${publication.selection} · ${publication.stage} · `}{dateTime(publication.published_utc_ms)} · {office.revisions.people(count(publication.people))}
                  {publication.number !== "" && ` · ${text.numberOf(publication.number)}`}
                </small>
                {publication.reason !== "" && <small class="under">{text.why(publication.reason)}</small>}
              </th>
              <td class="nowrap">
                {office.revisions.revision(publication.revision)} {props.named !== true && (publication.revision === newest ? <Chip kind="good">{text.inForce}</Chip> : <Chip kind="plain">{text.replaced}</Chip>)}
              </td>
              <td class="nowrap">
                {filesOf(publication).map((file, index) => (
                  <span key={file.kind}>{index > 0 && " · "}<a href={file.href} data-testid={`file-${file.kind}`}>{file.kind === "page" ? text.page : file.kind.toUpperCase()}</a></span>
                ))}
              </td>
              <td class="code hash" title={publication.sha256}>{publication.sha256.slice(0, 12)}…</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

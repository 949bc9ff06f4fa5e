// The only place where markup of the server is put into the page. It was sanitised there: HTML, MathML and pictures below /media/.

import { t } from "./texts";

/** What `onPicture` gets. */
export interface Picture {
  src: string;
  alt: string;
}

interface Props {
  html: string;
  class?: string;
  /** Language tag of the text. */
  lang?: string | undefined;
  /** Makes pictures buttons that open larger. Not for text inside a label. */
  onPicture?: (picture: Picture) => void;
}

/** Rich text of the server. To show another text, give it another key. */
export function Rich({ html, onPicture, lang, ...rest }: Props) {
  const open = (event: Event): void => {
    const target = event.target;
    if (onPicture !== undefined && target instanceof HTMLImageElement) {
      event.preventDefault();
      onPicture({ src: target.getAttribute("src") ?? "", alt: target.alt });
    }
  };
  return (
    <div
      ref={onPicture === undefined ? null : asButtons}
      class={`rich ${rest.class ?? ""}`}
      lang={lang === "" ? undefined : lang}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") open(event);
      }}
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

/** Pictures can be reached and pressed by keyboard, and say so. */
function asButtons(box: HTMLElement | null): void {
  for (const picture of box?.querySelectorAll("img") ?? []) {
    picture.tabIndex = 0;
    picture.setAttribute("role", "button");
    picture.setAttribute("aria-label", [picture.alt, t.exam.picture].filter((part) => part !== "").join(". "));
  }
}

/** The first picture in a piece of rich text, for a button beside a choice. */
export function pictureIn(html: string): Picture | null {
  if (!html.includes("<img")) return null;
  const picture = new DOMParser().parseFromString(html, "text/html").querySelector("img");
  return picture === null ? null : { src: picture.getAttribute("src") ?? "", alt: picture.alt };
}

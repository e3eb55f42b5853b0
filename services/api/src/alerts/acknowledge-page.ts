import type { Language, Trouble } from "@unbroken/model";

// The page behind the link in a message: for a phone, at night, without a login. It works without scripts.

interface PageWords {
  readonly locale: string;
  readonly trouble: Readonly<Record<Trouble, string>>;
  readonly since: string;
  readonly peak: string;
  readonly button: string;
  readonly done: (by: string, at: string) => string;
  readonly over: string;
  readonly invalid: string;
  readonly board: string;
}

const words: Readonly<Record<Language, PageWords>> = {
  en: {
    locale: "en-GB",
    trouble: {
      warm: "Too warm",
      cold: "Too cold",
      humid: "Too humid",
      dry: "Too dry",
      "life-used": "Shelf life used up",
      door: "Door open too long",
      power: "No power",
      silent: "No readings",
      "probe-fault": "Probe faulty",
    },
    since: "since",
    peak: "worst",
    button: "I have it in hand",
    done: (by, at) =>
      `Acknowledged by ${by}, ${at}. It is not told again unless it gets more urgent.`,
    over: "It is over.",
    invalid:
      "This link is not valid any more. Open the one from a newer message, or use the board.",
    board: "Open the board",
  },
  zh: {
    locale: "zh-CN",
    trouble: {
      warm: "超温（偏高）",
      cold: "超温（偏低）",
      humid: "湿度偏高",
      dry: "湿度偏低",
      "life-used": "货架期耗尽",
      door: "门开启过久",
      power: "断电",
      silent: "数据中断",
      "probe-fault": "探头故障",
    },
    since: "自",
    peak: "最严重值",
    button: "确认，已在处理",
    done: (by, at) => `${by} 已于 ${at} 确认。除非情况升级，不再重复提醒。`,
    over: "已恢复。",
    invalid: "链接已失效。请打开最新消息中的链接，或在看板上确认。",
    board: "打开看板",
  },
};

export interface PageContent {
  readonly language: Language;
  readonly zone: string;
  readonly place: string;
  readonly trouble: Trouble;
  readonly since: number;
  readonly figure: string | null;
  readonly isOver: boolean;
  /** Who has it in hand; null: nobody yet. */
  readonly acknowledged: { readonly by: string; readonly at: number } | null;
  readonly boardPath: string;
}

export function acknowledgePage(content: PageContent): string {
  const { language, zone, place, trouble, since, figure, isOver, acknowledged } = content;
  const said = words[language];
  const at = (time: number): string =>
    new Intl.DateTimeFormat(said.locale, {
      timeZone: zone,
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
    }).format(time);
  const state =
    acknowledged === null
      ? `<form method="post"><button type="submit">${said.button}</button></form>`
      : `<p role="status">${escaped(said.done(acknowledged.by, at(acknowledged.at)))}</p>`;
  return whole(said.locale, place, [
    `<h1>${escaped(place)}</h1>`,
    `<p class="what">${said.trouble[trouble]}, ${said.since} ${at(since)}</p>`,
    ...(figure === null ? [] : [`<p>${said.peak}: ${escaped(figure)}</p>`]),
    ...(isOver ? [`<p>${said.over}</p>`] : []),
    state,
    `<p><a href="${escaped(content.boardPath)}">${said.board}</a></p>`,
  ]);
}

/** In both languages: whose link it was cannot be told. */
export function invalidLinkPage(): string {
  return whole("zh-CN", "Unbroken", [
    `<p>${words.zh.invalid}</p>`,
    `<p lang="en">${words.en.invalid}</p>`,
    `<p><a href="/">${words.zh.board} · ${words.en.board}</a></p>`,
  ]);
}

export const PAGE_STYLE = `:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, "Noto Sans SC", sans-serif }
body { max-width: 32rem; margin: 0 auto; padding: 2rem 1.25rem }
h1 { font-size: 1.5rem; margin: 0 }
.what { font-weight: 600 }
button { font: inherit; font-weight: 600; width: 100%; min-height: 4rem; border-radius: 0.75rem; border: 2px solid }
`;

function whole(locale: string, title: string, body: readonly string[]): string {
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="/acknowledge.css">
</head>
<body>
<main>
${body.join("\n")}
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

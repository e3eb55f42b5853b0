import type { Language, MessageKind, Trouble, Urgency } from "@unbroken/model";
import { english } from "./messages/en.ts";
import { chinese } from "./messages/zh.ts";

/** All that a message says in one language. */
export interface Words {
  readonly trouble: Readonly<Record<Trouble, string>>;
  readonly kind: Readonly<Record<MessageKind, string>>;
  readonly urgency: Readonly<Record<Urgency, string>>;
  /** `place: what, since …` in one line. */
  readonly headline: (parts: {
    readonly urgency: string;
    readonly place: string;
    readonly kind: string;
    readonly trouble: string;
    readonly since: string;
    readonly figure: string | null;
  }) => string;
  readonly figure: (side: "high" | "low", peak: string, limit: string) => string;
  readonly within: (space: string, parent: string | null) => string;
  readonly labels: Readonly<
    Record<
      "place" | "what" | "since" | "until" | "peak" | "limit" | "sensors" | "rules" | "repeat",
      string
    >
  >;
  readonly acknowledge: string;
  readonly open: string;
  readonly footer: (organisation: string, alert: string) => string;
  /** BCP 47, for times. */
  readonly locale: string;
}

export function wordsOf(language: Language): Words {
  switch (language) {
    case "en":
      return english;
    case "zh":
      return chinese;
  }
}

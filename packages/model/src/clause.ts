/**
 * The instruments that a clause may name: standards, regulations and pharmacopoeias of the cold chain. A clause begins
 * with one of these, or says that it is the operator's own, a label's or a contract's.
 */
const instruments: readonly string[] = [
  "GB",
  "GB/T",
  "DB",
  "SB/T",
  "GH/T",
  "NY/T",
  "WB/T",
  "JT/T",
  "GSP",
  "药品GSP",
  "药品经营质量管理规范",
  "疫苗储存和运输管理规范",
  "疫苗管理法",
  "MOFCOM",
  "WHO PQS",
  "WHO TRS",
  "WHO",
  "USP",
  "Ph. Eur.",
  "ICH",
  "EU GDP",
  "EU GMP",
  "EU",
  "Reg. (EC)",
  "Regulation (EC)",
  "Reg. (EU)",
  "Regulation (EU)",
  "Dir.",
  "Directive",
  "ATP",
  "EN",
  "ISO",
  "IEC",
  "Codex",
  "HACCP",
  "FDA",
  "21 CFR",
  "FSMA",
  "CDC",
  "DIN",
  "BS",
  "JIS",
  "AABB",
  "UC Davis",
];

const own =
  /^(?:own|house|company|operator|label|contract|customer|企业|合同|标签|自定)(?:$|[\s:：,，.’'的])/i;

/** Whether a clause names an instrument that is known, or says that it is nobody's standard. */
export function isKnownClause(clause: string): boolean {
  const text = clause.trim();
  if (own.test(text)) return true;
  return instruments.some((name) => {
    if (!text.toLowerCase().startsWith(name.toLowerCase())) return false;
    const next = text.charAt(name.length);
    // `GB 31605`, `GB/T 22918`, `DB37/T 3491`: no letter may follow, or it is another name.
    return next === "" || !/\p{L}/u.test(next) || /\P{ASCII}$/u.test(name);
  });
}

export const clauseHelp = `clause: begins with the instrument it comes from (${instruments
  .slice(0, 6)
  .join(", ")}, WHO PQS, USP, ATP, …), or with "own", "label" or "contract"`;

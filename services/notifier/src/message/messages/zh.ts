import type { Words } from "../words.ts";

export const chinese: Words = {
  trouble: {
    warm: "超温（偏高）",
    cold: "超温（偏低）",
    humid: "湿度偏高",
    dry: "湿度偏低",
    "life-used": "货架期耗尽",
    door: "门开启过久",
    power: "断电",
    silent: "数据中断，情况不明",
    "probe-fault": "探头故障",
  },
  kind: {
    opened: "",
    raised: "升级为紧急：",
    repeated: "仍未恢复且无人确认：",
    over: "已恢复：",
    unproven: "情况已无法得知：",
    retracted: "已撤销（补传数据表明并未发生）：",
    passed: "曾发生，现已恢复：",
  },
  urgency: { high: "紧急", low: "提示" },
  headline: ({ urgency, place, kind, trouble, since, figure }) =>
    `【${urgency}】${place}：${kind}${trouble}，自 ${since}${figure === null ? "" : `，${figure}`}`,
  figure: (side, peak, limit) => `${side === "high" ? "最高" : "最低"} ${peak}（限值 ${limit}）`,
  within: (space, parent) => (parent === null ? space : `${space}（${parent}）`),
  labels: {
    place: "地点",
    what: "情况",
    since: "开始",
    until: "结束",
    peak: "最严重值",
    limit: "限值",
    sensors: "探头",
    rules: "规则",
    repeat: "重复提醒",
  },
  acknowledge: "确认，已在处理",
  open: "打开看板",
  footer: (organisation, alert) => `Unbroken · ${organisation} · 告警 ${alert}`,
  locale: "zh-CN",
};

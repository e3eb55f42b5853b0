/** Names the law by which these functions judge. Changed logic gets a new name, and the past keeps its own. */
export const ENGINE = "detection/1";

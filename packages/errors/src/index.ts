export { codes, isCode, type Code } from "./codes.ts";
export { UnbrokenError, assertNever, type Details } from "./unbroken-error.ts";

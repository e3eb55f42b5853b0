/** Of the product; the engine that judges has a version of its own. */
export const VERSION = "0.1.0";

import type { NextFunction, Request, Response } from "express";
import type { Gatekeeper } from "./gatekeeper.ts";

// The console draws its curves on a canvas and has its fonts and styles in files: nothing inline, nothing foreign.
const POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "object-src 'none'",
].join("; ");

/** What every answer carries, whatever it is. */
export function securityHeaders(_request: Request, response: Response, next: NextFunction): void {
  response.set({
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
  });
  next();
}

/** Lets the pages of the origins that the settings name use the API (Fetch standard, CORS protocol). */
export function crossOrigin(gatekeeper: Gatekeeper) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const origin = request.get("origin");
    response.vary("Origin");
    if (origin === undefined || !gatekeeper.isForeignAllowed(origin)) {
      next();
      return;
    }
    response.set({
      "Access-Control-Allow-Origin": origin,
      "Access-Control-Allow-Credentials": "true",
      "Access-Control-Expose-Headers": "ETag, Unbroken-Facts",
      "Cross-Origin-Resource-Policy": "cross-origin",
    });
    if (request.method !== "OPTIONS") {
      next();
      return;
    }
    response.set({
      "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
      "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-None-Match",
      "Access-Control-Max-Age": "600",
    });
    response.status(204).end();
  };
}

import { join } from "node:path";
import { static as serveFolder, type Express, type Request } from "express";

/**
 * The built web application: hashed assets are kept for ever, the page that names them is asked for each time, and
 * addresses that the application draws by itself get that page.
 */
export function mountConsole(app: Express, folder: string): void {
  app.use(
    serveFolder(folder, {
      index: "index.html",
      dotfiles: "ignore",
      redirect: false,
      setHeaders(response, path) {
        response.setHeader(
          "Cache-Control",
          path.startsWith(join(folder, "assets"))
            ? "public, max-age=31536000, immutable"
            : "no-cache",
        );
      },
    }),
  );
  app.use((request, response, next) => {
    if (!isPageAddress(request)) {
      next();
      return;
    }
    response.setHeader("Cache-Control", "no-cache");
    response.sendFile("index.html", { root: folder, cacheControl: false });
  });
}

function isPageAddress(request: Request): boolean {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  if (request.path === "/api" || request.path.startsWith("/api/")) return false;
  // Names of spaces may hold dots, so an ending does not tell a file from a page.
  return !request.path.startsWith("/assets/") && request.accepts("html") === "html";
}

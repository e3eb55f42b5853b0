import { useEffect, useState } from "react";

/** Grey tiles while the snapshot is on its way; nothing at all in the first 300 ms. */
export function BoardSkeleton() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(true), 300);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <main className="page board" id="content" aria-busy="true">
      {late ? (
        <div className="tiles calm">
          {Array.from({ length: 24 }, (_, i) => (
            <span key={i} className="tile skeleton" />
          ))}
        </div>
      ) : null}
    </main>
  );
}

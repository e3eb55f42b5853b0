/** A page of a list as the API gives it; `next` is the cursor of the following one, null at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

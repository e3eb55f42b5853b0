declare const unit: unique symbol;

/** A number that carries its unit in its type, so that two units cannot be mixed by accident. */
export type Branded<T, U extends string> = T & { readonly [unit]: U };

import { z } from "zod";

/**
 * What is being done with the goods or the room. `load` is handling with an open door: loading, unloading, transfer.
 * `defrost` is what the refrigeration unit reports, `precool` what is done before loading.
 */
export const Phase = z.enum(["store", "transit", "load", "precool", "defrost"]);
export type Phase = z.infer<typeof Phase>;

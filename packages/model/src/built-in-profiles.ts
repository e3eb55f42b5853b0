import { chilledFood } from "./built-in/chilled-food.ts";
import { frozenFood } from "./built-in/frozen-food.ts";
import { medicines } from "./built-in/medicines.ts";
import { berries, flowers, mushrooms, tropicalFruit, vegetables } from "./built-in/produce.ts";
import type { StatedProfile } from "./built-in/stated-profile.ts";
import { bloodAndCells, vaccines } from "./built-in/vaccines.ts";

/**
 * Profiles to start with, each with source, edition and confidence: `text` where every number is that of the source,
 * `template` where a limit or a tolerance is a proposal that the operator has to confirm.
 */
export const builtInProfiles: readonly StatedProfile[] = [
  ...frozenFood,
  ...chilledFood,
  ...berries,
  ...mushrooms,
  ...vegetables,
  ...tropicalFruit,
  ...flowers,
  ...vaccines,
  ...medicines,
  ...bloodAndCells,
];

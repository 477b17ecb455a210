/**
 * When the permits of one slot of a window that slides are back, in ms since 1970. `slot`: number of the newest slot since
 * 1970; `age`: 0 is the newest; `slots`: of how many the state keeps count, one more than make up the window of `ms`: a slot
 * counts until all of them have passed. Table `permit` keeps such windows; fetchers write them, plan and health read them.
 */
export function slotBackAt(
  { slot, slots, ms }: { slot: number; slots: number; ms: number },
  age: number,
): number {
  return (slot - age + slots) * (ms / (slots - 1));
}

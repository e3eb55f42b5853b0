/** `numerator / denominator` for a positive denominator, to the nearest whole number, halves up. */
export function ratioHalfUp(numerator: bigint, denominator: bigint): bigint {
  const doubled = 2n * numerator + denominator;
  const quotient = doubled / (2n * denominator);
  // BigInt division truncates towards zero.
  return doubled < 0n && quotient * 2n * denominator !== doubled ? quotient - 1n : quotient;
}

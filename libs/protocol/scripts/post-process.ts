/**
 * Makes one ts-proto file erasable and exact: drops the type-only enum namespaces and the loose 64-bit
 * partials.
 */
export function erasable(source: string): string {
  return source
    .replace(/\nexport namespace \w+ \{\n(?: {2}export type [^\n]*\n)*\}\n/g, '')
    .replace('T extends bigint ? string | number | bigint\n  : T extends Builtin', 'T extends Builtin')
}

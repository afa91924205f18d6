import { errors } from './errors.ts'

/** Where an ABCI socket listens: `unix:///path` or `tcp://host:port`, as in CometBFT's `proxy_app`. */
export type AbciAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }

/** Reads an address. Throws `abci/3`. */
export function parseAddress(address: string): AbciAddress {
  if (address.startsWith('unix://')) {
    const path = address.slice('unix://'.length)
    if (path.length > 0) return { kind: 'unix', path }
  }
  const match = /^tcp:\/\/(\[[0-9a-fA-F:]+\]|[^:/[\]]+):(\d{1,5})$/.exec(address)
  const port = Number(match?.[2])
  if (!match || port > 65535) throw errors.badAddress({ address })
  return { kind: 'tcp', host: match[1]!.replace(/^\[|\]$/g, ''), port }
}

import type { Cluster } from '../cluster/cluster.ts'

/** Answers a request; `bigint` is allowed in answers. Throws `RpcError`. */
export type Method = (cluster: Cluster, params: readonly unknown[]) => unknown

/** Methods by name. */
export type Methods = Readonly<Record<string, Method>>

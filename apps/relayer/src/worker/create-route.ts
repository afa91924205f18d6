import type { Chain, Counterparty } from '../chain.ts'
import { RelayError } from '../errors.ts'

/** What a new route is told, beside its two chains. */
export interface CreateRouteOptions {
  readonly a: Chain
  readonly b: Chain
  /** Clients that exist already, where they do: they are kept and only what is missing is done. */
  readonly clientOnA?: string
  readonly clientOnB?: string
  readonly trustingPeriodSeconds?: bigint
  /** Look for clients that an earlier, interrupted run with the same wallets has made. Default true. */
  readonly adopt?: boolean
  /** Only says what it would do. */
  readonly dryRun?: boolean
  readonly onStep?: (step: string) => void
}

/** The ends of a route. */
export interface RouteClients {
  readonly clientOnA: string
  readonly clientOnB: string
}

/** Stands for the id of a client that a dry run would have created. */
const NOT_CREATED = '(new)'

/**
 * Creates a client on each side and registers each as the other's counterparty. Idempotent: what exists is
 * kept, an interrupted run is continued. Only clients that our own wallets created are ever adopted: a
 * stranger's client may have been started from a forged header.
 */
export async function createRoute(options: CreateRouteOptions): Promise<RouteClients> {
  const { a, b } = options
  const found = await findClients(options)
  const { clientOnA, clientOnB } = await createClients(found, options)
  await register(a, clientOnA, { clientId: clientOnB, merklePrefix: b.merklePrefix }, options)
  await register(b, clientOnB, { clientId: clientOnA, merklePrefix: a.merklePrefix }, options)
  return { clientOnA, clientOnB }
}

/** Where a chain binds the counterparty at creation, the other chain's client has to exist before. */
async function createClients(
  found: Partial<RouteClients>,
  options: CreateRouteOptions,
): Promise<RouteClients> {
  const { a, b } = options
  if (a.bindsCounterpartyAtCreation && b.bindsCounterpartyAtCreation) {
    const what = 'both name the counterparty when a client is created'
    throw new RelayError('config', 'never', `no route between ${a.chainId} and ${b.chainId}: ${what}`)
  }
  if (a.bindsCounterpartyAtCreation) {
    const clientOnB = found.clientOnB ?? (await createClient(b, a, undefined, options))
    return { clientOnA: found.clientOnA ?? (await createClient(a, b, clientOnB, options)), clientOnB }
  }
  const clientOnA = found.clientOnA ?? (await createClient(a, b, undefined, options))
  return { clientOnA, clientOnB: found.clientOnB ?? (await createClient(b, a, clientOnA, options)) }
}

async function findClients(options: CreateRouteOptions): Promise<Partial<RouteClients>> {
  const { a, b, clientOnA, clientOnB, adopt = true } = options
  if (clientOnA !== undefined) await requireFollows(a, clientOnA, b)
  if (clientOnB !== undefined) await requireFollows(b, clientOnB, a)
  if (!adopt || (clientOnA !== undefined && clientOnB !== undefined)) {
    return {
      ...(clientOnA === undefined ? {} : { clientOnA }),
      ...(clientOnB === undefined ? {} : { clientOnB }),
    }
  }
  const onA = clientOnA === undefined ? await usableClients(a, b) : [await withCounterparty(a, clientOnA)]
  const onB = clientOnB === undefined ? await usableClients(b, a) : [await withCounterparty(b, clientOnB)]
  const fits = (one: Registered, other: Registered) => one.peer === undefined || one.peer === other.id
  // Newest first; a pair that is registered on a side before one that is free on both.
  for (const first of onA) {
    const second = onB.find((one) => fits(first, one) && fits(one, first))
    if (second !== undefined) return { clientOnA: first.id, clientOnB: second.id }
  }
  const freeA = clientOnA ?? onA.find((one) => one.peer === undefined)?.id
  const freeB = clientOnB ?? onB.find((one) => one.peer === undefined)?.id
  return {
    ...(freeA === undefined ? {} : { clientOnA: freeA }),
    ...(freeB === undefined ? {} : { clientOnB: freeB }),
  }
}

interface Registered {
  readonly id: string
  readonly peer: string | undefined
}

async function usableClients(host: Chain, followed: Chain): Promise<Registered[]> {
  const ids = await host.ownClients(followed.chainId)
  const usable: Registered[] = []
  for (const id of [...ids].reverse()) {
    const { status } = await host.clientView(id)
    if (status === 'Active') usable.push(await withCounterparty(host, id))
  }
  return usable.sort((left, right) => Number(left.peer === undefined) - Number(right.peer === undefined))
}

async function withCounterparty(host: Chain, id: string): Promise<Registered> {
  return { id, peer: (await host.counterparty(id))?.clientId }
}

async function requireFollows(host: Chain, clientId: string, followed: Chain): Promise<void> {
  const { chainId, status } = await host.clientView(clientId)
  if (chainId === followed.chainId && status === 'Active') return
  const what = chainId === followed.chainId ? `is ${status}` : `follows ${chainId}, not ${followed.chainId}`
  throw new RelayError('config', 'never', `client ${clientId} on ${host.chainId} ${what}`)
}

async function createClient(
  host: Chain,
  followed: Chain,
  peer: string | undefined,
  options: CreateRouteOptions,
): Promise<string> {
  const { dryRun = false, onStep = () => {}, trustingPeriodSeconds } = options
  if (dryRun) {
    onStep(`would create a client of ${followed.chainId} on ${host.chainId}`)
    return NOT_CREATED
  }
  const seed = await followed.clientSeed({
    ...(trustingPeriodSeconds === undefined ? {} : { trustingPeriodSeconds }),
    clientType: host.hostedClients,
  })
  const counterparty =
    peer === undefined ? undefined : { clientId: peer, merklePrefix: followed.merklePrefix }
  const { clientId, inclusion } = await host.createClient(seed, counterparty)
  const where = `${inclusion.hash} at ${inclusion.height}`
  onStep(`created ${clientId} of ${followed.chainId} on ${host.chainId} (${where})`)
  return clientId
}

async function register(
  host: Chain,
  clientId: string,
  counterparty: Counterparty,
  { dryRun = false, onStep = () => {} }: CreateRouteOptions,
): Promise<void> {
  const registered = clientId === NOT_CREATED ? undefined : await host.counterparty(clientId)
  if (registered?.clientId === counterparty.clientId) return
  if (registered !== undefined) {
    const text = `client ${clientId} on ${host.chainId} already has the counterparty ${registered.clientId}`
    throw new RelayError('config', 'never', text)
  }
  const what = `${counterparty.clientId} as counterparty of ${clientId} on ${host.chainId}`
  if (dryRun) return onStep(`would register ${what}`)
  const { hash, height } = await host.registerCounterparty(clientId, counterparty)
  onStep(`registered ${what} (${hash} at ${height})`)
}

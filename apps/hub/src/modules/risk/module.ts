import type { AssetWeight } from '@causeway/protocol/causeway/risk/v1/risk'
import { z } from 'zod'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Module } from '../../block/module.ts'
import { basisPoints, invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import type { Holder } from '../../identifiers.ts'
import { parametersJson } from '../../block/parameters.ts'
import { stepHaircuts } from './haircut.ts'
import type { HaircutPorts } from './haircut.ts'
import { messages } from './messages.ts'
import { MODEL_PRESETS } from './model.ts'
import { WEIGHTS_MAX, haircutSchema, riskParameters } from './params.ts'
import type { RiskPorts, RiskPosition } from './ports.ts'
import { queries } from './queries.ts'
import type { Risk } from './risk.ts'
import {
  DEFAULT_HAIRCUT,
  RISK_STORE,
  deadClients,
  isolatedHolders,
  readHaircut,
  readModel,
  readWeight,
  unhealthy,
  weights,
  writeDeadSince,
  writeHaircut,
  writeIsolated,
  writeLevel,
  writeModel,
  writeWeight,
} from './state.ts'

const schema = z.strictObject({
  model: z.enum(MODEL_PRESETS).optional(),
  weights: z
    .array(
      z.strictObject({
        asset: u64Text.refine((asset) => asset > 0n, 'expected an asset id'),
        initialWeightBps: basisPoints,
        maintenanceWeightBps: basisPoints,
        cancelsRisk: z.boolean().optional(),
        initialCutBps: basisPoints.optional(),
        maintenanceCutBps: basisPoints.optional(),
      }),
    )
    .max(WEIGHTS_MAX),
  haircut: haircutSchema.optional(),
  deadClients: z
    .array(z.strictObject({ client: z.string().min(1).max(64), sinceSeconds: u64Text }))
    .optional(),
  isolated: z.array(z.string()).optional(),
  levels: z
    .array(
      z.strictObject({
        holder: z.string(),
        level: z.enum(['warned', 'called', 'below']),
        height: u64Text,
        timeSeconds: u64Text,
      }),
    )
    .optional(),
})

/** What the module needs beside its risk. */
export interface RiskModulePorts extends HaircutPorts {
  /** Whether a subaccount has no balance, cash, position or order. */
  isEmpty(context: ReadContext, holder: Holder): boolean
  isAsset(context: ReadContext, id: bigint): boolean
}

/** The module `risk`: begins a block after the modules that price it, ends it after those that trade. */
export function riskModule<Position extends RiskPosition>(
  risk: Risk,
  ports: RiskPorts<Position>,
  modulePorts: RiskModulePorts,
): Module {
  const { addresses } = ports
  const { isEmpty, isAsset } = modulePorts
  return {
    name: 'risk',
    storeName: RISK_STORE,
    messages: messages({ addresses, isEmpty }),
    queries: queries(risk, ports),
    parameters: riskParameters(isAsset),
    initGenesis(context, state) {
      const genesis = parseGenesis('risk', schema, state)
      const store = context.store(RISK_STORE)
      writeModel(store, { preset: genesis.model ?? 'pm2' })
      initWeights(context, genesis.weights)
      writeHaircut(store, genesis.haircut ?? DEFAULT_HAIRCUT)
      for (const { client, sinceSeconds } of genesis.deadClients ?? [])
        writeDeadSince(store, client, sinceSeconds)
      for (const holder of genesis.isolated ?? []) writeIsolated(store, addresses.decodeHolder(holder))
      for (const { holder, ...level } of genesis.levels ?? [])
        writeLevel(store, addresses.decodeHolder(holder), level)
    },
    exportGenesis(context) {
      const store = context.store(RISK_STORE)
      return {
        model: readModel(store).preset,
        weights: weights(store).map(weightJson),
        haircut: parametersJson({ ...readHaircut(store) }),
        deadClients: deadClients(store).map(([client, since]) => ({
          client,
          sinceSeconds: since.toString(),
        })),
        isolated: [...isolatedHolders(store)].map(addresses.encodeHolder),
        levels: [...unhealthy(store)].map(([holder, { level, height, timeSeconds }]) => ({
          holder: addresses.encodeHolder(holder),
          level,
          height: height.toString(),
          timeSeconds: timeSeconds.toString(),
        })),
      }
    },
    beginBlock(context, parent) {
      stepHaircuts(context, modulePorts, parent)
      risk.beginBlock(context)
    },
    endBlock: risk.endBlock,
  }
}

/** A weight as genesis has it; with what is off it only where something is. */
function weightJson({ asset, initialCutBps, maintenanceCutBps, ...weight }: AssetWeight) {
  const cut = initialCutBps === 0 ? {} : { initialCutBps, maintenanceCutBps }
  return { asset: asset.toString(), ...weight, ...cut }
}

function initWeights(context: Context, list: z.output<typeof schema>['weights']): void {
  const store = context.store(RISK_STORE)
  for (const [i, entry] of list.entries()) {
    const { cancelsRisk = false, initialCutBps = 0, maintenanceCutBps = 0, ...weight } = entry
    const path = `risk.weights.${i}`
    if (readWeight(store, weight.asset) !== undefined) throw invalidGenesis(`${path}.asset`, 'is named twice')
    if (weight.initialWeightBps > weight.maintenanceWeightBps)
      throw invalidGenesis(`${path}.initialWeightBps`, 'exceeds the maintenance weight')
    if (maintenanceCutBps > initialCutBps)
      throw invalidGenesis(`${path}.maintenanceCutBps`, 'exceeds the initial cut')
    writeWeight(store, { ...weight, cancelsRisk, initialCutBps, maintenanceCutBps })
  }
}

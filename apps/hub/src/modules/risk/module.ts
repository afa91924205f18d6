import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import { z } from 'zod'
import { defineQuery } from '../../block/module.ts'
import type { Module, QueryMethod } from '../../block/module.ts'
import { amountText, basisPoints, invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import type { AddressCodec } from '../../identifiers.ts'
import type { Risk } from './risk.ts'
import { RISK_STORE, readWeight, requirements, weights, writeRequirement, writeWeight } from './state.ts'

// Each is read where something leaves an account with a requirement.
const WEIGHTS_MAX = 256

const schema = z.strictObject({
  weights: z
    .array(
      z.strictObject({
        asset: u64Text.refine((asset) => asset > 0n, 'expected an asset id'),
        initialWeightBps: basisPoints,
        maintenanceWeightBps: basisPoints,
      }),
    )
    .max(WEIGHTS_MAX),
  // Stands for open positions until markets exist.
  requirements: z
    .array(z.strictObject({ holder: z.string(), initialE6: amountText, maintenanceE6: amountText }))
    .optional(),
})

/** The module `risk`. */
export function riskModule(risk: Risk, addresses: AddressCodec): Module {
  return {
    name: 'risk',
    storeName: RISK_STORE,
    messages: [],
    queries: [portfolioQuery(risk, addresses)],
    initGenesis(context, state) {
      const genesis = parseGenesis('risk', schema, state)
      const store = context.store(RISK_STORE)
      for (const [i, weight] of genesis.weights.entries()) {
        const path = `risk.weights.${i}`
        if (readWeight(store, weight.asset) !== undefined)
          throw invalidGenesis(`${path}.asset`, 'is named twice')
        if (weight.initialWeightBps > weight.maintenanceWeightBps) {
          throw invalidGenesis(`${path}.initialWeightBps`, 'exceeds the maintenance weight')
        }
        writeWeight(store, weight)
      }
      for (const { holder, initialE6, maintenanceE6 } of genesis.requirements ?? []) {
        const requirement = { initialE6: initialE6.toString(), maintenanceE6: maintenanceE6.toString() }
        writeRequirement(store, addresses.decodeHolder(holder), requirement)
      }
    },
    exportGenesis(context) {
      const store = context.store(RISK_STORE)
      return {
        weights: weights(store).map((weight) => ({ ...weight, asset: weight.asset.toString() })),
        requirements: [...requirements(store)].map(([holder, requirement]) => ({
          holder: addresses.encodeHolder(holder),
          ...requirement,
        })),
      }
    },
  }
}

function portfolioQuery(risk: Risk, addresses: AddressCodec): QueryMethod {
  return defineQuery({
    path: '/causeway.risk.v1.Query/Portfolio',
    requestTypeName: 'causeway.risk.v1.QueryPortfolioRequest',
    requestCodec: QueryPortfolioRequest,
    responseCodec: QueryPortfolioResponse,
    answer(context, request) {
      const holder = addresses.decodeHolder(request.account)
      const portfolio = risk.portfolio(context, holder)
      return {
        account: addresses.encode(holder.account),
        subaccount: holder.subaccount,
        collateral: portfolio.collateral.map((item) => ({
          asset: item.asset,
          denom: item.denom,
          amount: item.amount.toString(),
          priceE9: item.priceE9,
          priceStatus: item.priceState,
          valueE6: item.valueE6.toString(),
          initialValueE6: item.initialValueE6.toString(),
          maintenanceValueE6: item.maintenanceValueE6.toString(),
        })),
        equityE6: portfolio.equityE6.toString(),
        initialMarginE6: portfolio.initialMarginE6.toString(),
        maintenanceMarginE6: portfolio.maintenanceMarginE6.toString(),
        height: context.height,
        timeSeconds: context.timeSeconds,
      }
    },
  })
}

// One answer of each source, in the shape that its documentation shows (the files of the formats say where). The
// VALUES ARE EXAMPLES, written by hand: none was recorded from a live source, since tests reach no network.

/** Answers over REST. */
export const REST = {
  binance:
    '{"symbol":"ETHUSDC","priceChange":"-12.34000000","priceChangePercent":"-0.409","weightedAvgPrice":"3010.55010000","prevClosePrice":"3016.00000000","lastPrice":"3003.66000000","lastQty":"0.01500000","bidPrice":"3003.65000000","bidQty":"3.10000000","askPrice":"3003.66000000","askQty":"9.80000000","openPrice":"3016.00000000","highPrice":"3050.00000000","lowPrice":"2980.00000000","volume":"8913.30000000","quoteVolume":"26833000.30000000","openTime":1764032400000,"closeTime":1764118800123,"firstId":28385,"lastId":28460,"count":76}',
  bybit:
    '{"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[{"symbol":"ETHUSDC","bid1Price":"3003.5","bid1Size":"2","ask1Price":"3003.9","ask1Size":"1.7","lastPrice":"3003.8","prevPrice24h":"3010","price24hPcnt":"-0.002","highPrice24h":"3050","lowPrice24h":"2980","turnover24h":"1","volume24h":"1","usdIndexPrice":"3003.7"}]},"retExtInfo":{},"time":1764118800456}',
  coinbase:
    '{"ask":"3003.71","bid":"3003.69","volume":"5602.01","trade_id":86326522,"price":"3003.7","size":"0.00698254","time":"2025-11-26T01:00:00.789012Z","rfq_volume":"1.0"}',
  deribit:
    '{"jsonrpc":"2.0","result":{"estimated_delivery_price":3003.72,"index_price":3003.72},"usIn":1764118800100000,"usOut":1764118800100321,"usDiff":321,"testnet":false}',
  kraken:
    '{"error":[],"result":{"XETHZUSD":{"a":["3003.80000","31","31.000"],"b":["3003.60000","6","6.000"],"c":["3003.61000","0.00100000"],"v":["1","2"],"p":["3003.1","3003.2"],"t":[1,2],"l":["2980.0","2980.0"],"h":["3050.0","3050.0"],"o":"3010.0"}}}',
  okx:
    '{"code":"0","msg":"","data":[{"instType":"SPOT","instId":"ETH-USDC","last":"3003.7","lastSz":"0.1","askPx":"3003.8","askSz":"11","bidPx":"3003.6","bidSz":"5","open24h":"3010","high24h":"3050","low24h":"2980","volCcy24h":"2222","vol24h":"2222","sodUtc0":"3010","sodUtc8":"3010","ts":"1764118800333"}]}',
  pyth:
    '{"binary":{"encoding":"hex","data":["504e4155"]},"parsed":[{"id":"ff61491a931112ddf1bd8147cd1b641375f79f5825126d665480874634fd0ace","price":{"price":"300371023127","conf":"177166324","expo":-8,"publish_time":1764118800},"ema_price":{"price":"300100641000","conf":"178704085","expo":-8,"publish_time":1764118800},"metadata":{"slot":1,"proof_available_time":1764118801,"prev_publish_time":1764118799}}]}',
} as const

/** Messages of streams. */
export const STREAM = {
  binance:
    '{"e":"24hrTicker","E":1764118800999,"s":"ETHUSDC","p":"-12.34","P":"-0.409","w":"3010.55","x":"3016.00","c":"3003.66","Q":"0.015","b":"3003.65","B":"3.1","a":"3003.67","A":"9.8","o":"3016","h":"3050","l":"2980","v":"8913.3","q":"26833000","O":1764032400000,"C":1764118800990,"F":0,"L":18150,"n":18151}',
  bybit:
    '{"topic":"tickers.ETHUSDC","ts":1764118800777,"type":"snapshot","cs":2588407389,"data":{"symbol":"ETHUSDC","lastPrice":"3003.8","highPrice24h":"3050","lowPrice24h":"2980","prevPrice24h":"3010","volume24h":"1","turnover24h":"1","price24hPcnt":"-0.002","usdIndexPrice":""}}',
  coinbase:
    '{"type":"ticker","sequence":29912241,"product_id":"ETH-USD","price":"3003.7","open_24h":"3010","volume_24h":"5602","low_24h":"2980","high_24h":"3050","volume_30d":"1","best_bid":"3003.69","best_bid_size":"0.46","best_ask":"3003.71","best_ask_size":"1.56","side":"buy","time":"2025-11-26T01:00:00.123456Z","trade_id":370843401,"last_size":"11.4"}',
  deribit:
    '{"jsonrpc":"2.0","method":"subscription","params":{"channel":"deribit_price_index.eth_usd","data":{"timestamp":1764118800227,"price":3003.72,"index_name":"eth_usd"}}}',
  kraken:
    '{"channel":"ticker","type":"update","data":[{"symbol":"ETH/USD","bid":3003.60,"bid_qty":6.0,"ask":3003.80,"ask_qty":31.0,"last":3003.61,"volume":1.0,"vwap":3003.2,"low":2980.0,"high":3050.0,"change":-6.4,"change_pct":-0.21,"timestamp":"2025-11-26T01:00:00.555666Z"}]}',
  okx:
    '{"arg":{"channel":"tickers","instId":"ETH-USDC"},"data":[{"instType":"SPOT","instId":"ETH-USDC","last":"3003.7","lastSz":"0.1","askPx":"3003.8","askSz":"11","bidPx":"3003.6","bidSz":"5","open24h":"3010","high24h":"3050","low24h":"2980","volCcy24h":"2222","vol24h":"2222","sodUtc0":"3010","sodUtc8":"3010","ts":"1764118800444"}]}',
} as const

/** Options of Deribit: an inverse call and put, a linear one, a strike with a decimal point, one without quotes. */
export const OPTIONS = `{"jsonrpc":"2.0","usIn":1764118800000000,"usOut":1764118800000900,"usDiff":900,"testnet":false,"result":[
{"instrument_name":"ETH-26DEC25-3000-C","base_currency":"ETH","quote_currency":"ETH","ask_price":0.0655,"bid_price":0.0645,"mid_price":0.065,"mark_price":0.06491,"mark_iv":65.12,"estimated_delivery_price":3003.72,"underlying_price":3012.5,"underlying_index":"ETH-26DEC25","interest_rate":0.0,"price_change":-3.1,"volume":196.0,"volume_usd":98503.18,"open_interest":569.7,"high":0.07,"low":0.06,"last":0.065,"creation_timestamp":1764118800000},
{"instrument_name":"ETH-26DEC25-3000-P","base_currency":"ETH","quote_currency":"ETH","ask_price":0.0615,"bid_price":0.0605,"mid_price":0.061,"mark_price":0.06076,"mark_iv":65.12,"estimated_delivery_price":3003.72,"underlying_price":3012.5,"underlying_index":"ETH-26DEC25","interest_rate":0.0,"price_change":null,"volume":0.0,"volume_usd":0.0,"open_interest":0.0,"high":null,"low":null,"last":null,"creation_timestamp":1764118800000},
{"instrument_name":"ETH-2JAN26-5000-C","base_currency":"ETH","quote_currency":"ETH","ask_price":null,"bid_price":null,"mid_price":null,"mark_price":0.0001,"mark_iv":80.5,"estimated_delivery_price":3003.72,"underlying_price":3013.1,"underlying_index":"SYN.ETH-2JAN26","interest_rate":0.0,"creation_timestamp":1764118800000},
{"instrument_name":"XRP_USDC-26DEC25-0d625-C","base_currency":"XRP","quote_currency":"USDC","ask_price":0.0262,"bid_price":0.0258,"mark_price":0.026,"mark_iv":90.1,"estimated_delivery_price":0.61,"underlying_price":0.612,"interest_rate":0.0,"creation_timestamp":1764118800000}]}`

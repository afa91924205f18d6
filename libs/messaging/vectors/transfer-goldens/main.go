// Writes what ibc-go itself makes of transfers, and of bytes that attackers could send.
// With ibc-go v10.7.0 in go.mod: go run . > ibc-go-v10.7.0-transfer.json
package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	transfer "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"
	channel "github.com/cosmos/ibc-go/v10/modules/core/04-channel/types"
)

type Transfer struct {
	Denom, Amount, Sender, Receiver, Memo string
}

type Encoded struct {
	Transfer Transfer `json:"transfer"`
	Json     string   `json:"json"`
	Protobuf string   `json:"protobuf"`
	Abi      string   `json:"abi"`
}

type Read struct {
	Name     string    `json:"name"`
	Encoding string    `json:"encoding"`
	Value    string    `json:"value"`
	Accepted bool      `json:"accepted"`
	Transfer *Transfer `json:"transfer"`
}

type Denom struct {
	Path  string   `json:"path"`
	Base  string   `json:"base"`
	Hops  []string `json:"hops"`
	Coin  string   `json:"coin"`
	Json  string   `json:"json"`
	Valid bool     `json:"valid"`
}

const (
	max    = "115792089237316195423570985008687907853269984665640564039457584007913129639935"
	tooBig = "115792089237316195423570985008687907853269984665640564039457584007913129639936"
	usdc   = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48"
	atom   = "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2"
	hop    = "transfer/07-tendermint-0/"
)

var transfers = []Transfer{
	{"uatom", "1", "sender", "receiver", ""},
	{"uatom", "1000000", "sender", "receiver", "memo"},
	{hop + "uatom", max, "cosmos1alice", "cway1bob/3", "x"},
	{hop + "transfer/channel-141/uosmo", "340282366920938463463374607431768211456", usdc, "r",
		"a memo with 32 bytes of text 1234"},
	{usdc, "18446744073709551616", "s", "r", "{\"forward\":{\"receiver\":\"<b>&\\\"'\"}}"},
	{"u", "7", "s", "r", "tab\t nl\n cr\r bs\b ff\f esc\x1b del\x7f slash/ back\\ q\" <>& " +
		"\u2028 \u2029 é 日本 😀 \ufeff"},
	{"u", "9", "s", "r", strings.Repeat("é", 100)},
}

var amounts = []string{"0", "-1", "+5", "05", "010", "0x10", "0b11", "1_000", " 5", "5 ", "5.0", "1e3", "",
	"٣", max, tooBig, strings.Repeat("9", 200)}

var paths = []string{"uatom", hop + "uatom", "transfer/channel-0/uatom",
	hop + "transfer/channel-7/transfer/client-12/uatom", "gamm/pool/1", hop + "gamm/pool/1",
	"transfer/07-tendermint-0", hop, "/", "//", "", "transfer//uatom", "transfer/x/uatom",
	"other.port/ethereum-3/" + usdc, "transfer/channel-0/transfer/channel-1", atom, "a/07-tendermint-0/uatom",
	"transfer/abc-1/uatom", strings.Repeat(hop, 60) + "uatom"}

func main() {
	encoded := encode()
	escrow := map[string]string{}
	for _, client := range []string{"07-tendermint-0", "07-tendermint-12", "ethereum-3", "channel-0"} {
		escrow[client] = hex.EncodeToString(transfer.GetEscrowAddress("transfer", client))
	}
	enc := json.NewEncoder(os.Stdout)
	enc.SetEscapeHTML(false)
	must(enc.Encode(map[string]any{
		"origin":  "ibc-go v10.7.0, modules/apps/transfer/types, modules/core/04-channel/types",
		"encoded": encoded,
		"read":    read(encoded[1]),
		"denoms":  denoms(),
		"escrow":  escrow,
		"ack":     acknowledgements(),
		"tokens":  []string{token("uatom"), token(hop + "uatom")},
	}))
}

func encode() (encoded []Encoded) {
	for _, t := range transfers {
		data := transfer.NewFungibleTokenPacketData(t.Denom, t.Amount, t.Sender, t.Receiver, t.Memo)
		as := func(encoding string) string {
			bz, err := transfer.MarshalPacketData(data, transfer.V1, encoding)
			must(err)
			return hex.EncodeToString(bz)
		}
		json, protobuf, abi := as(transfer.EncodingJSON), as(transfer.EncodingProtobuf), as(transfer.EncodingABI)
		encoded = append(encoded, Encoded{t, json, protobuf, abi})
	}
	return encoded
}

func read(base Encoded) []Read {
	cases := jsonCases(base)
	for _, amount := range amounts {
		text := `{"denom":"uatom","amount":"` + amount + `","sender":"s","receiver":"r"}`
		cases = append(cases, asJson("amount '"+amount+"'", text))
	}
	cases = append(cases, protobufCases(base.Protobuf, base.Json)...)
	cases = append(cases, abiCases(base.Abi)...)
	cases = append(cases, Read{Name: "unknown encoding", Encoding: "application/xml", Value: base.Json})
	for i := range cases {
		bz, err := hex.DecodeString(cases[i].Value)
		must(err)
		data, err := transfer.UnmarshalPacketData(bz, transfer.V1, cases[i].Encoding)
		if err == nil {
			cases[i].Accepted = true
			path, amount := data.Token.Denom.Path(), data.Token.Amount
			cases[i].Transfer = &Transfer{path, amount, data.Sender, data.Receiver, data.Memo}
		}
	}
	return cases
}

func jsonCases(base Encoded) []Read {
	lead := `{"denom":"uatom","amount":"1000000","sender":"sender","receiver":"receiver","memo":"memo"`
	short := `{"denom":"uatom","amount":"5","sender":"s","receiver":"r"`
	text, err := hex.DecodeString(base.Json)
	must(err)
	whole := string(text)
	spaced := " {\n\"denom\" : \"uatom\" ,\t\"amount\":\"5\",\r\"sender\":\"s\",\"receiver\":\"r\" } "
	escaped := `{"d\u0065nom":"u\u0061tom","amount":"5","sender":"s","receiver":"\/r",` +
		`"memo":"\ud83d\ude00\b\f\n\r\t\"\\"}`
	nested := strings.Repeat("[", 300) + strings.Repeat("]", 300)
	return []Read{
		asJson("canonical json", whole),
		asJson("white space", spaced),
		asJson("another order", `{"memo":"m","receiver":"r","sender":"s","amount":"5","denom":"uatom"}`),
		asJson("escapes", escaped),
		asJson("an unknown member", lead+`,"x":"y"}`),
		asJson("a nested unknown member", lead+`,"x":`+nested+`}`),
		asJson("a member twice", lead+`,"amount":"2"}`),
		asJson("a member in capitals behind", lead+`,"DENOM":"uosmo"}`),
		asJson("a member that folds to another", lead+`,"\u017fender":"mallory"}`),
		asJson("a number for an amount", `{"denom":"uatom","amount":5,"sender":"s","receiver":"r"}`),
		asJson("null for a memo", short+`,"memo":null}`),
		asJson("a space behind", whole+" "),
		asJson("a second object", whole+whole),
		asJson("a byte order mark", "\ufeff"+whole),
		asJson("a lone surrogate", short+`,"memo":"\ud800"}`),
		asJson("invalid UTF-8", short+",\"memo\":\"\xff\"}"),
		asJson("a raw control character", short+",\"memo\":\"\x01\"}"),
		asJson("a trailing comma", lead+`,}`),
		asJson("cut short", lead),
		asJson("an array", `[]`),
		asJson("an empty object", `{}`),
		asJson("no denom", `{"amount":"5","sender":"s","receiver":"r"}`),
	}
}

func protobufCases(protobuf, json string) []Read {
	return []Read{
		asProtobuf("canonical protobuf", protobuf),
		asProtobuf("an unknown field", protobuf+"320161"),
		asProtobuf("an unknown non-critical field", protobuf+"82400161"),
		asProtobuf("a field twice", protobuf+"120132"),
		asProtobuf("another wire type", protobuf+"1005"),
		asProtobuf("cut short", protobuf[:len(protobuf)-2]),
		asProtobuf("invalid UTF-8", "0a0275ff"+protobuf[14:]),
		asProtobuf("json in protobuf", json),
	}
}

func abiCases(abi string) []Read {
	first := abi[:64]
	return []Read{
		asAbi("canonical abi", abi),
		asAbi("trailing word", abi+word(0)),
		asAbi("trailing byte", abi+"00"),
		asAbi("cut short", abi[:len(abi)-64]),
		asAbi("empty", ""),
		asAbi("tuple elsewhere", word(64)+word(0)+abi[64:]),
		asAbi("tuple offset beyond", word(100000)+abi[64:]),
		asAbi("tuple offset huge", strings.Repeat("f", 64)+abi[64:]),
		asAbi("two fields at one place", abi[:128]+abi[64:128]+abi[192:]),
		asAbi("offset into itself", first+word(0)+abi[128:]),
		asAbi("offset beyond", first+word(99999)+abi[128:]),
		asAbi("offset of 2^63", first+fmt.Sprintf("%048x8000000000000000", 0)+abi[128:]),
		asAbi("offset of 2^256-1", first+strings.Repeat("f", 64)+abi[128:]),
		asAbi("length beyond", abi[:6*64]+word(99999)+abi[7*64:]),
		asAbi("length of 2^256-1", abi[:6*64]+strings.Repeat("f", 64)+abi[7*64:]),
		asAbi("dirty padding", abi[:7*64+62]+"01"+abi[8*64:]),
		asAbi("invalid UTF-8", abi[:7*64+2]+"ff"+abi[7*64+4:]),
	}
}

func denoms() (all []Denom) {
	for _, path := range paths {
		denom := transfer.ExtractDenomFromPath(path)
		var hops []string
		for _, h := range denom.Trace {
			hops = append(hops, h.String())
		}
		text, err := json.Marshal(denom)
		must(err)
		valid := denom.Validate() == nil && !strings.Contains(denom.Base, "/")
		all = append(all, Denom{path, denom.Base, hops, denom.IBCDenom(), string(text), valid})
	}
	return all
}

func acknowledgements() map[string]string {
	success := channel.NewResultAcknowledgement([]byte{1})
	odd := channel.NewResultAcknowledgement([]byte("a\"\\\n\x00\xff~"))
	failure := channel.NewErrorAcknowledgement(transfer.ErrReceiveFailed)
	return map[string]string{
		"success":     string(success.Acknowledgement()),
		"successText": success.String(),
		"oddText":     odd.String(),
		"errorText":   failure.String(),
	}
}

func token(path string) string {
	text, err := json.Marshal(transfer.Token{Denom: transfer.ExtractDenomFromPath(path), Amount: "5"})
	must(err)
	return string(text)
}

func asJson(name, text string) Read {
	return Read{Name: name, Encoding: transfer.EncodingJSON, Value: hex.EncodeToString([]byte(text))}
}

func asProtobuf(name, value string) Read {
	return Read{Name: name, Encoding: transfer.EncodingProtobuf, Value: value}
}

func asAbi(name, value string) Read {
	return Read{Name: name, Encoding: transfer.EncodingABI, Value: value}
}

func word(n int) string {
	return fmt.Sprintf("%064x", n)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

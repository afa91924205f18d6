// Writes messages.json beside it: for every message name on stdin that Go knows, one message with random
// contents as Go's encoder writes it. Run from the repository's root, with the module of the pinned simd:
//
//	node libs/protocol/golden/names.ts |
//	  go run -C test/go/simd "$PWD/libs/protocol/golden/main.go" > libs/protocol/golden/messages.json
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand"
	"os"
	"reflect"
	"strings"
	"time"

	sdkmath "cosmossdk.io/math"
	"github.com/cosmos/gogoproto/proto"

	_ "github.com/cometbft/cometbft/abci/types"
	_ "github.com/cometbft/cometbft/proto/tendermint/types"
	_ "github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	_ "github.com/cosmos/cosmos-sdk/crypto/keys/multisig"
	_ "github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	_ "github.com/cosmos/cosmos-sdk/types"
	_ "github.com/cosmos/cosmos-sdk/types/query"
	_ "github.com/cosmos/cosmos-sdk/types/tx"
	_ "github.com/cosmos/cosmos-sdk/x/auth/types"
	_ "github.com/cosmos/cosmos-sdk/x/bank/types"
	_ "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"
	_ "github.com/cosmos/ibc-go/v10/modules/core/02-client/types"
	_ "github.com/cosmos/ibc-go/v10/modules/core/02-client/v2/types"
	_ "github.com/cosmos/ibc-go/v10/modules/core/04-channel/types"
	_ "github.com/cosmos/ibc-go/v10/modules/core/04-channel/v2/types"
	_ "github.com/cosmos/ibc-go/v10/modules/core/23-commitment/types"
	_ "github.com/cosmos/ibc-go/v10/modules/core/23-commitment/types/v2"
	_ "github.com/cosmos/ibc-go/v10/modules/light-clients/07-tendermint"
)

const maxDepth = 5

type golden struct {
	Type string `json:"type"`
	Hex  string `json:"hex"`
}

func main() {
	random := rand.New(rand.NewSource(1))
	var all []golden
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		name := strings.TrimSpace(lines.Text())
		goType := proto.MessageType(name)
		if goType == nil {
			fmt.Fprintln(os.Stderr, "unknown to Go:", name)
			continue
		}
		message := reflect.New(goType.Elem())
		fill(random, message.Elem(), 0)
		bytes, err := proto.Marshal(message.Interface().(proto.Message))
		if err != nil {
			panic(fmt.Sprint(name, ": ", err))
		}
		all = append(all, golden{name, hex.EncodeToString(bytes)})
	}
	fmt.Println("[")
	for i, one := range all {
		line, _ := json.Marshal(one)
		end := ","
		if i == len(all)-1 {
			end = ""
		}
		fmt.Printf("%s%s\n", line, end)
	}
	fmt.Println("]")
}

func fill(random *rand.Rand, value reflect.Value, depth int) {
	switch value.Interface().(type) {
	case time.Time:
		value.Set(reflect.ValueOf(time.Unix(random.Int63n(4e9)-1e9, random.Int63n(1e9)).UTC()))
		return
	case time.Duration:
		value.SetInt(random.Int63() - 1<<62)
		return
	case sdkmath.Int:
		amount := new(big.Int).Rand(random, new(big.Int).Lsh(big.NewInt(1), 200))
		value.Set(reflect.ValueOf(sdkmath.NewIntFromBigInt(amount)))
		return
	case sdkmath.LegacyDec:
		value.Set(reflect.ValueOf(sdkmath.LegacyNewDec(random.Int63())))
		return
	}
	switch value.Kind() {
	case reflect.Ptr:
		if depth < maxDepth && random.Intn(5) > 0 {
			value.Set(reflect.New(value.Type().Elem()))
			fill(random, value.Elem(), depth)
		}
	case reflect.Struct:
		fillStruct(random, value, depth)
	case reflect.Slice:
		if value.Type().Elem().Kind() == reflect.Uint8 {
			bytes := make([]byte, random.Intn(40))
			random.Read(bytes)
			value.SetBytes(bytes)
			return
		}
		if depth >= maxDepth {
			return
		}
		length := random.Intn(3)
		value.Set(reflect.MakeSlice(value.Type(), length, length))
		for i := 0; i < length; i++ {
			element := value.Index(i)
			if element.Kind() == reflect.Ptr {
				element.Set(reflect.New(element.Type().Elem()))
				element = element.Elem()
			}
			fill(random, element, depth+1)
		}
	case reflect.String:
		value.SetString([]string{"", "transfer", "cway1…", "\ufeffé🜚", "07-tendermint-0"}[random.Intn(5)])
	case reflect.Bool:
		value.SetBool(random.Intn(2) == 1)
	case reflect.Int32:
		value.SetInt([]int64{0, 1, 2, -1, 1 << 30, -1 << 31}[random.Intn(6)])
	case reflect.Int64:
		value.SetInt([]int64{0, 1, 300, -1, 1<<63 - 1, -1 << 63}[random.Intn(6)])
	case reflect.Uint32:
		value.SetUint([]uint64{0, 1, 128, 1<<32 - 1}[random.Intn(4)])
	case reflect.Uint64:
		value.SetUint([]uint64{0, 1, 16384, 1<<64 - 1}[random.Intn(4)])
	default:
		panic("no random value for " + value.Type().String())
	}
}

func fillStruct(random *rand.Rand, value reflect.Value, depth int) {
	for i := 0; i < value.NumField(); i++ {
		field := value.Type().Field(i)
		if !field.IsExported() || strings.HasPrefix(field.Name, "XXX_") {
			continue
		}
		if field.Tag.Get("protobuf_oneof") == "" {
			fill(random, value.Field(i), depth+1)
			continue
		}
		wrappers := value.Addr().Interface().(interface{ XXX_OneofWrappers() []interface{} }).XXX_OneofWrappers()
		wrapper := reflect.New(reflect.TypeOf(wrappers[random.Intn(len(wrappers))]).Elem())
		if depth < maxDepth {
			fillMember(random, wrapper.Elem().Field(0), depth)
			value.Field(i).Set(wrapper)
		}
	}
}

// A oneof's member is never a nil pointer: Go would refuse to encode it.
func fillMember(random *rand.Rand, member reflect.Value, depth int) {
	if member.Kind() == reflect.Ptr {
		member.Set(reflect.New(member.Type().Elem()))
		member = member.Elem()
	}
	fill(random, member, depth+1)
}

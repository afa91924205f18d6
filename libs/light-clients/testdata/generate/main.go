// Writes what CometBFT computes for fixed inputs: `go run . > ../cometbft-v0.38.26.json`.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto"
	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/crypto/secp256k1"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmtversion "github.com/cometbft/cometbft/proto/tendermint/version"
	"github.com/cometbft/cometbft/types"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func sum(s string) []byte { h := sha256.Sum256([]byte(s)); return h[:] }
func hx(b []byte) string  { return hex.EncodeToString(b) }

type marshaler interface{ Marshal() ([]byte, error) }

func pb(m marshaler) string { return hx(must(m.Marshal())) }

func edKey(i int) crypto.PrivKey {
	return ed25519.GenPrivKeyFromSecret([]byte(fmt.Sprintf("ed-%d", i)))
}
func secpKey(i int) crypto.PrivKey {
	return secp256k1.GenPrivKeySecp256k1([]byte(fmt.Sprintf("secp-%d", i)))
}

type priority struct {
	Address  string `json:"address"`
	Power    string `json:"power"`
	Priority string `json:"priority"`
}
type change struct {
	Key   string `json:"key"`
	Power string `json:"power"`
}
type step struct {
	Changes  []change   `json:"changes"`
	Error    bool       `json:"error"`
	Times    int32      `json:"times"`
	Set      []priority `json:"set"`
	Proposer string     `json:"proposer"`
	Hash     string     `json:"hash"`
}

func snapshot(vs *types.ValidatorSet) []priority {
	out := []priority{}
	for _, v := range vs.Validators {
		out = append(out, priority{hx(v.Address), fmt.Sprint(v.VotingPower), fmt.Sprint(v.ProposerPriority)})
	}
	return out
}

// random changes of a set, some of them refused
func rotation() []step {
	rng := rand.New(rand.NewSource(11))
	first := []*types.Validator{}
	steps := []step{{Times: 0}}
	for i := 0; i < 5; i++ {
		p := int64(1 + rng.Intn(1000))
		first = append(first, types.NewValidator(edKey(i).PubKey(), p))
		steps[0].Changes = append(steps[0].Changes, change{hx(edKey(i).PubKey().Bytes()), fmt.Sprint(p)})
	}
	vs := types.NewValidatorSet(first)
	fill := func(s *step) {
		s.Set, s.Proposer, s.Hash = snapshot(vs), hx(vs.Proposer.Address), hx(vs.Hash())
	}
	fill(&steps[0])
	for n := 0; n < 60; n++ {
		s := step{Times: int32(1 + rng.Intn(3)), Changes: []change{}}
		var changes []*types.Validator
		for c := rng.Intn(4); c > 0; c-- {
			k, p := edKey(rng.Intn(12)), int64(0)
			switch rng.Intn(10) {
			case 0, 1:
			case 2:
				p = types.MaxTotalVotingPower / int64(1+rng.Intn(4))
			default:
				p = int64(1 + rng.Intn(100000))
			}
			changes = append(changes, types.NewValidator(k.PubKey(), p))
			s.Changes = append(s.Changes, change{hx(k.PubKey().Bytes()), fmt.Sprint(p)})
		}
		next := vs.Copy()
		if err := next.UpdateWithChangeSet(changes); err != nil {
			s.Error = true
		} else {
			vs = next
		}
		vs.IncrementProposerPriority(s.Times)
		fill(&s)
		steps = append(steps, s)
	}
	return steps
}

func main() {
	t0 := time.Date(2026, 11, 21, 12, 0, 0, 123456789, time.UTC)
	keys := []crypto.PrivKey{edKey(0), edKey(1), secpKey(0), edKey(2)}
	var vals []*types.Validator
	for i, k := range keys {
		vals = append(vals, types.NewValidator(k.PubKey(), int64(10*(i+1))))
	}
	set := types.NewValidatorSet(vals)
	header := &types.Header{
		Version: cmtversion.Consensus{Block: 11, App: 7}, ChainID: "causeway-1", Height: 1234567, Time: t0,
		LastBlockID: types.BlockID{Hash: sum("last"),
			PartSetHeader: types.PartSetHeader{Total: 3, Hash: sum("parts")}},
		LastCommitHash: sum("commit"), DataHash: sum("data"),
		ValidatorsHash: set.Hash(), NextValidatorsHash: sum("next"),
		ConsensusHash: sum("consensus"), AppHash: sum("app"),
		LastResultsHash: sum("results"), EvidenceHash: sum("evidence"),
		ProposerAddress: set.Validators[0].Address,
	}
	sparse := &types.Header{ChainID: "x", Height: 1, Time: time.Unix(0, 0).UTC(), ValidatorsHash: set.Hash()}
	sparse.Version.Block = 11
	bid := types.BlockID{Hash: header.Hash(), PartSetHeader: types.PartSetHeader{Total: 1, Hash: sum("p")}}
	commit := &types.Commit{Height: header.Height, Round: 2, BlockID: bid}
	var signBytes []string
	for i, v := range set.Validators {
		var key crypto.PrivKey
		for _, k := range keys {
			if bytes.Equal(k.PubKey().Address(), v.Address) {
				key = k
			}
		}
		vote := &types.Vote{Type: cmtproto.PrecommitType, Height: commit.Height, Round: commit.Round,
			BlockID: bid, Timestamp: t0.Add(time.Duration(i) * time.Second),
			ValidatorAddress: v.Address, ValidatorIndex: int32(i)}
		sb := types.VoteSignBytes(header.ChainID, vote.ToProto())
		signBytes = append(signBytes, hx(sb))
		commit.Signatures = append(commit.Signatures, types.CommitSig{BlockIDFlag: types.BlockIDFlagCommit,
			ValidatorAddress: v.Address, Timestamp: vote.Timestamp, Signature: must(key.Sign(sb))})
	}
	if err := set.VerifyCommitLight(header.ChainID, bid, header.Height, commit); err != nil {
		panic(err)
	}
	withAbsent := commit.Clone()
	withAbsent.Signatures[1] = types.NewCommitSigAbsent()

	vote := &cmtproto.Vote{Type: cmtproto.PrevoteType, Height: 9, Round: 0, Timestamp: t0,
		Extension: []byte("extension")}
	proposal := &cmtproto.Proposal{Type: cmtproto.ProposalType, Height: 9, Round: 1, PolRound: -1,
		BlockID: bid.ToProto(), Timestamp: t0}

	txs := types.ToTxs([][]byte{[]byte("one"), []byte("two"), {}, []byte("four"), []byte("five")})
	results := []*abci.ExecTxResult{{},
		{Code: 5, Data: []byte("data"), Log: "log", GasWanted: 100000, GasUsed: 77, Codespace: "x"},
		{GasUsed: 1}}
	params := types.DefaultConsensusParams()
	params.Block.MaxGas = -1
	var parts [][]string
	for _, n := range []int{0, 1, 65536, 65537, 300000} {
		data := bytes.Repeat([]byte{7}, n)
		ps := types.NewPartSetFromData(data, types.BlockPartSizeBytes)
		proof := ""
		if n > 65536 {
			proof = pb(ps.GetPart(1).Proof.ToProto())
		}
		parts = append(parts, []string{fmt.Sprint(n), fmt.Sprint(ps.Total()), hx(ps.Hash()), proof})
	}
	pv := types.NewMockPVWithParams(keys[0], false, false)
	evidence := must(types.NewMockDuplicateVoteEvidenceWithValidator(10, t0, pv, "causeway-1"))
	signed := &types.SignedHeader{Header: header, Commit: commit}
	attack := &types.LightClientAttackEvidence{
		ConflictingBlock: &types.LightBlock{SignedHeader: signed, ValidatorSet: set},
		CommonHeight:     4, TotalVotingPower: 100, Timestamp: t0}
	list := types.EvidenceList{evidence, attack}
	var evidencePb []string
	for _, e := range list {
		evidencePb = append(evidencePb, pb(must(types.EvidenceToProto(e))))
	}

	out := map[string]any{
		"about":        "cometbft v0.38.26's values for generate/main.go; messages are protobuf hex",
		"validatorSet": map[string]any{"set": pb(must(set.ToProto())), "hash": hx(set.Hash())},
		"headers": []map[string]any{{"header": pb(header.ToProto()), "hash": hx(header.Hash())},
			{"header": pb(sparse.ToProto()), "hash": hx(sparse.Hash())}},
		"commit": map[string]any{"commit": pb(commit.ToProto()), "hash": hx(commit.Hash()),
			"signBytes": signBytes},
		"absentCommit": map[string]any{"commit": pb(withAbsent.ToProto()), "hash": hx(withAbsent.Hash())},
		"vote": map[string]any{"vote": pb(vote), "signBytes": hx(types.VoteSignBytes("causeway-1", vote)),
			"extensionSignBytes": hx(types.VoteExtensionSignBytes("causeway-1", vote))},
		"proposal": map[string]any{"proposal": pb(proposal),
			"signBytes": hx(types.ProposalSignBytes("causeway-1", proposal))},
		"transactions":  hx(txs.Hash()),
		"results":       hx(types.NewResults(results).Hash()),
		"params":        hx(params.Hash()),
		"maxBytes":      fmt.Sprint(params.Block.MaxBytes),
		"evidence":      map[string]any{"list": evidencePb, "hash": hx(list.Hash())},
		"emptyEvidence": hx(types.EvidenceList{}.Hash()),
		"partSets":      parts,
		"rotation":      rotation(),
	}
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", "")
	if err := enc.Encode(out); err != nil {
		panic(err)
	}
}

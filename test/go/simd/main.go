// Command simd is ibc-go's simulation application as a node: the unmodified peer of the interop tests.
//
// ibc-go's own simd can't be installed by `go install` (replace directives), but its application package
// can be imported. Only what the tests run is wired: init, genesis, keys, start.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"cosmossdk.io/log"
	cometconfig "github.com/cometbft/cometbft/config"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/config"
	"github.com/cosmos/cosmos-sdk/client/keys"
	"github.com/cosmos/cosmos-sdk/server"
	svrcmd "github.com/cosmos/cosmos-sdk/server/cmd"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	genutilcli "github.com/cosmos/cosmos-sdk/x/genutil/client/cli"
	"github.com/cosmos/ibc-go/v10/testing/simapp"
	"github.com/spf13/cobra"
)

func main() {
	// An application that never runs: its codecs and its modules' genesis commands are what the command line
	// needs.
	codecs := simapp.NewSimApp(log.NewNopLogger(), dbm.NewMemDB(), nil, true, simtestutil.EmptyAppOptions{})
	root := newRootCommand(codecs)
	if err := svrcmd.Execute(root, "SIMD", simapp.DefaultNodeHome); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func newRootCommand(codecs *simapp.SimApp) *cobra.Command {
	base := client.Context{}.
		WithCodec(codecs.AppCodec()).
		WithInterfaceRegistry(codecs.InterfaceRegistry()).
		WithTxConfig(codecs.TxConfig()).
		WithLegacyAmino(codecs.LegacyAmino()).
		WithAccountRetriever(authtypes.AccountRetriever{}).
		WithInput(os.Stdin).
		WithHomeDir(simapp.DefaultNodeHome).
		WithViper("")
	root := &cobra.Command{
		Use:           "simd",
		SilenceErrors: true,
		PersistentPreRunE: func(command *cobra.Command, _ []string) error {
			return prepare(command, base.WithCmdContext(orBackground(command.Context())))
		},
	}
	server.AddCommands(root, simapp.DefaultNodeHome, newApplication, refuseExport, func(*cobra.Command) {})
	root.AddCommand(
		genutilcli.InitCmd(codecs.BasicModuleManager, simapp.DefaultNodeHome),
		genutilcli.Commands(codecs.TxConfig(), codecs.BasicModuleManager, simapp.DefaultNodeHome),
		keys.Commands(),
	)
	return root
}

func orBackground(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}

// prepare reads the home's configuration (or writes the defaults) before any command runs.
func prepare(command *cobra.Command, base client.Context) error {
	flags, err := client.ReadPersistentCommandFlags(base, command.Flags())
	if err != nil {
		return err
	}
	configured, err := config.ReadFromClientConfig(flags)
	if err != nil {
		return err
	}
	if err := client.SetCmdClientContextHandler(configured, command); err != nil {
		return err
	}
	app := serverconfig.DefaultConfig()
	app.MinGasPrices = "0stake"
	return server.InterceptConfigsPreRunHandler(
		command, serverconfig.DefaultConfigTemplate, app, cometconfig.DefaultConfig())
}

func newApplication(l log.Logger, db dbm.DB, w io.Writer, o servertypes.AppOptions) servertypes.Application {
	return simapp.NewSimApp(l, db, w, true, o, server.DefaultBaseappOptions(o)...)
}

func refuseExport(
	log.Logger, dbm.DB, io.Writer, int64, bool, []string, servertypes.AppOptions, []string,
) (servertypes.ExportedApp, error) {
	return servertypes.ExportedApp{}, errors.New("this node does not export genesis")
}

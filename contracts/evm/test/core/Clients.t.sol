// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { MapClient } from "./MapClient.sol";
import { Stack } from "./Stack.sol";
import { IIbcCore } from "../../src/interfaces/IIbcCore.sol";
import { ILightClient } from "../../src/interfaces/ILightClient.sol";
import { CounterpartyInfo } from "../../src/interfaces/IbcMessages.sol";

contract ClientsTest is Stack {
    function test_the_hub_is_client_0_from_the_start() public view {
        assertEq(address(core.getClient(CLIENT)), address(hub));
        CounterpartyInfo memory counterparty = core.getCounterparty(CLIENT);
        assertEq(counterparty.clientId, HUB_CLIENT);
        assertEq(counterparty.merklePrefix.length, 2);
        assertEq(counterparty.merklePrefix[0], "ibc");
        assertEq(counterparty.merklePrefix[1], "");
        assertEq(core.nextSequenceSend(CLIENT), 1);
    }

    function test_anyone_adds_clients_with_ids_of_their_own() public {
        CounterpartyInfo memory counterparty = CounterpartyInfo("07-tendermint-3", hubPrefix());
        for (uint256 i = 1; i < 12; ++i) {
            string memory id = string.concat("client-", vm.toString(i));
            vm.expectEmit(address(core));
            emit IIbcCore.ClientAdded(id, counterparty, address(hub));
            vm.prank(bob);
            assertEq(core.addClient(counterparty, address(hub)), id);
        }
        assertEq(core.getCounterparty("client-11").clientId, "07-tendermint-3");
    }

    function test_refuses_counterparties_that_can_not_be() public {
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.InvalidCounterpartyId.selector, "short-1"));
        core.addClient(CounterpartyInfo("short-1", hubPrefix()), address(hub));
        string memory long = string(new bytes(65));
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.InvalidCounterpartyId.selector, long));
        core.addClient(CounterpartyInfo(long, hubPrefix()), address(hub));
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.InvalidMerklePrefix.selector, 0));
        core.addClient(CounterpartyInfo(HUB_CLIENT, new bytes[](0)), address(hub));
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.InvalidMerklePrefix.selector, 9));
        core.addClient(CounterpartyInfo(HUB_CLIENT, new bytes[](9)), address(hub));
        vm.expectRevert(abi.encodeWithSelector(IIbcCore.ClientIsNoContract.selector, bob));
        core.addClient(CounterpartyInfo(HUB_CLIENT, hubPrefix()), bob);
    }

    function test_unknown_clients_are_refused_everywhere() public {
        bytes memory refusal = abi.encodeWithSelector(IIbcCore.ClientNotFound.selector, "client-1");
        vm.expectRevert(refusal);
        core.updateClient("client-1", "");
        vm.expectRevert(refusal);
        core.submitMisbehaviour("client-1", "");
        vm.expectRevert(refusal);
        core.retireClient("client-1");
        vm.expectRevert(refusal);
        core.getClient("client-1");
        vm.expectRevert(refusal);
        core.verifyAtExit("client-1", "", "", "");
    }

    function test_updates_tell_what_they_did() public {
        hub.setNextResult(ILightClient.UpdateResult.Update);
        vm.expectEmit(address(core));
        emit IIbcCore.ClientUpdated(CLIENT, 9);
        core.updateClient(CLIENT, abi.encode(uint64(9)));
        hub.setNextResult(ILightClient.UpdateResult.NoOp);
        vm.expectEmit(address(core));
        emit IIbcCore.Noop();
        core.updateClient(CLIENT, "");
        hub.setNextResult(ILightClient.UpdateResult.Misbehaviour);
        vm.expectEmit(address(core));
        emit IIbcCore.ClientFrozen(CLIENT);
        core.updateClient(CLIENT, "");
        hub.setNextResult(ILightClient.UpdateResult.Learned);
        vm.recordLogs();
        core.updateClient(CLIENT, "");
        assertEq(vm.getRecordedLogs().length, 0, "the client itself tells of what");
    }

    function test_a_frozen_client_takes_nothing_and_sends_nothing() public {
        core.submitMisbehaviour(CLIENT, "");
        token.mint(alice, 1);
        vm.startPrank(alice);
        token.approve(address(vault), 1);
        vm.expectRevert(
            abi.encodeWithSelector(IIbcCore.ClientNotActive.selector, CLIENT, ILightClient.Status.Frozen)
        );
        vault.deposit(address(token), 1, CLIENT, "cway1receiver", inAnHour(), "");
    }

    /// @dev Nine wirings: the vault's three, the port's three, the lines' two, the client's one.
    function test_a_core_wired_to_others_is_not_made() public {
        (address other, address place) = (makeAddr("other"), vm.computeCreateAddress(address(this), 100));
        bytes memory otherArguments = abi.encode(other);
        address[9] memory wired = [
            address(vault),
            address(vault),
            address(vault),
            address(clearing),
            address(clearing),
            address(clearing),
            address(standby),
            address(standby),
            address(hub)
        ];
        bytes4[9] memory getters = [
            vault.core.selector,
            vault.clearingPort.selector,
            vault.standbyLines.selector,
            clearing.core.selector,
            clearing.vault.selector,
            clearing.standbyLines.selector,
            standby.vault.selector,
            standby.clearingPort.selector,
            hub.core.selector
        ];
        vm.mockCall(address(vault), abi.encodePacked(vault.core.selector), abi.encode(place));
        vm.mockCall(address(clearing), abi.encodePacked(clearing.core.selector), abi.encode(place));
        hub.setCore(place);
        _makeCore(place);
        for (uint256 i = 0; i < 9; ++i) {
            vm.mockCall(wired[i], abi.encodePacked(getters[i]), otherArguments);
            // Lines that a vault means and don't answer are none
            if (getters[i] == vault.standbyLines.selector && wired[i] == address(vault)) vm.expectRevert();
            else vm.expectRevert(abi.encodeWithSelector(IIbcCore.Miswired.selector, wired[i]));
            _makeCore(place);
            vm.clearMockedCalls();
            vm.mockCall(address(vault), abi.encodePacked(vault.core.selector), abi.encode(place));
            vm.mockCall(address(clearing), abi.encodePacked(clearing.core.selector), abi.encode(place));
        }
    }

    function _makeCore(address place) private {
        deployCodeTo(
            "IbcCore.sol:IbcCore",
            abi.encode(vault, clearing, CounterpartyInfo(HUB_CLIENT, hubPrefix()), address(hub)),
            place
        );
    }
}

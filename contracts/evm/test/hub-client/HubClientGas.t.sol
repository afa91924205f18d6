// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Test } from 'forge-std/Test.sol';
import { HubClient } from '../../src/hub-client/HubClient.sol';
import { HubMessages } from '../../src/hub-client/HubMessages.sol';
import { ILightClient } from '../../src/interfaces/ILightClient.sol';

/// @notice A client as packets use it: header and proofs in one transaction.
contract ProofBatch {
    struct Item {
        bytes proof;
        bytes key;
        bytes value;
    }

    /// @notice The gas of each verification, as the caller pays it.
    function verify(ILightClient client, bytes calldata header, uint64 height, Item[] calldata items)
        external
        returns (uint256[] memory gasOf)
    {
        if (header.length != 0) client.updateClient(header);
        gasOf = new uint256[](items.length);
        bytes[] memory path = new bytes[](2);
        path[0] = 'ibc';
        for (uint256 i = 0; i < items.length; i++) {
            path[1] = items[i].key;
            uint256 before = gasleft();
            if (items[i].value.length == 0) client.verifyNonMembership(items[i].proof, height, path);
            else client.verifyMembership(items[i].proof, height, path, items[i].value);
            gasOf[i] = before - gasleft();
        }
    }
}

/// @notice What following the hub and proving its state costs; snapshots/HubClient.json keeps the figures.
/// forge-config: default.isolate = true
contract HubClientGasTest is Test {
    struct HeaderCase {
        bytes32 appHash;
        bytes clientMessage;
        uint64 height;
        string name;
        bytes32 nextSetHash;
        bytes32 setHash;
        uint64 timeSeconds;
    }

    string private constant HEADER_CASE = 'HeaderCase(bytes32 appHash,bytes clientMessage,'
        'uint64 height,string name,bytes32 nextSetHash,bytes32 setHash,uint64 timeSeconds)';
    string private constant GROUP = 'HubClient';

    function test_updateGas() public {
        string memory json = vm.readFile('test/fixtures/hub/headers.json');
        HeaderCase[] memory cases =
            abi.decode(vm.parseJsonTypeArray(json, '.cases', HEADER_CASE), (HeaderCase[]));
        for (uint256 i = 0; i < cases.length; i++) {
            HubClient client = _client(cases[i]);
            client.updateClient(cases[i].clientMessage);
            uint256 transaction = vm.snapshotGasLastCall(GROUP, string.concat('update, ', cases[i].name));
            vm.snapshotValue(
                GROUP,
                string.concat('update, ', cases[i].name, ', calldata'),
                _calldataGas(abi.encodeCall(HubClient.updateClient, (cases[i].clientMessage)))
            );
            emit log_named_uint(cases[i].name, transaction);
        }
    }

    function test_proofGas() public {
        string memory json = vm.readFile('test/fixtures/hub/batch.json');
        HeaderCase memory header = abi.decode(vm.parseJsonType(json, '.header', HEADER_CASE), (HeaderCase));
        _proofs(
            json, header, '.memberships', 'membership', vm.parseJsonBytesArray(json, '.memberships.values')
        );
        _proofs(json, header, '.absences', 'absence', new bytes[](50));
    }

    function _proofs(
        string memory json,
        HeaderCase memory header,
        string memory where,
        string memory what,
        bytes[] memory values
    ) private {
        ProofBatch batch = new ProofBatch();
        bytes[] memory keys = vm.parseJsonBytesArray(json, string.concat(where, '.keys'));
        bytes[] memory proofs = vm.parseJsonBytesArray(json, string.concat(where, '.batch'));
        ProofBatch.Item[] memory items = new ProofBatch.Item[](keys.length);
        for (uint256 i = 0; i < keys.length; i++) {
            items[i] = ProofBatch.Item(proofs[i], keys[i], values[i]);
        }
        uint256[] memory gasOf = batch.verify(_client(header), header.clientMessage, header.height, items);
        uint256 sum = 0;
        uint256 calldataGas = 0;
        for (uint256 i = 0; i < gasOf.length; i++) {
            sum += gasOf[i];
            calldataGas += _calldataGas(proofs[i]);
        }
        assertEq(gasOf.length, 50);
        vm.snapshotValue(GROUP, string.concat(what, ', one'), gasOf[0]);
        vm.snapshotValue(GROUP, string.concat(what, ', one, calldata of the proof'), _calldataGas(proofs[0]));
        vm.snapshotValue(GROUP, string.concat(what, ', each of 50'), sum / 50);
        vm.snapshotValue(GROUP, string.concat(what, ', each of 50, calldata of the proof'), calldataGas / 50);
        emit log_named_uint(what, gasOf[0]);
        emit log_named_uint(string.concat(what, ' calldata'), _calldataGas(proofs[0]));
        emit log_named_uint(string.concat(what, ' of 50'), sum / 50);
        emit log_named_uint(string.concat(what, ' of 50 calldata'), calldataGas / 50);
    }

    function _client(HeaderCase memory c) private returns (HubClient) {
        vm.warp(c.timeSeconds + 10);
        HubMessages.Attestation memory trusted =
            HubMessages.Attestation(c.height - 1, c.timeSeconds - 1, bytes32(uint256(1)), c.setHash);
        return new HubClient(address(0), 'causeway-1', trusted, c.setHash);
    }

    /// EIP-2028: 16 a byte, 4 a zero byte.
    function _calldataGas(bytes memory data) private pure returns (uint256 cost) {
        for (uint256 i = 0; i < data.length; i++) {
            cost += data[i] == 0 ? 4 : 16;
        }
    }
}

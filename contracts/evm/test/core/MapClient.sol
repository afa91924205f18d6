// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { ILightClient } from "../../src/interfaces/ILightClient.sol";

/// @notice A light client for unit tests: the counterparty's store is a map that the test writes, and every
/// height shows it as it is now. It checks what a real client checks of its caller's arguments: path and
/// value.
contract MapClient is ILightClient {
    mapping(bytes32 pathHash => bytes32 valueHash) private _stored;
    mapping(uint64 height => uint64) private _timestamps;
    uint64 public latestHeight = 1;
    Status private _status;
    uint64 private _stoppedAt;
    UpdateResult public nextResult;
    uint256 public proofsChecked;
    uint64 private _exitHeight;
    /// @notice As HubClient: the core that it is made for.
    address public core;

    error NotStored();
    error Stored();
    error NotActive();
    error NotStopped();

    function store(bytes[] memory path, bytes memory value) external {
        _stored[keccak256(abi.encode(path))] = keccak256(value);
    }

    function remove(bytes[] memory path) external {
        delete _stored[keccak256(abi.encode(path))];
    }

    function setTime(uint64 height, uint64 timeSeconds) external {
        _timestamps[height] = timeSeconds;
        if (height > latestHeight) latestHeight = height;
    }

    function stop(Status status_, uint64 stoppedAt) external {
        (_status, _stoppedAt) = (status_, stoppedAt);
    }

    function setCore(address core_) external {
        core = core_;
    }

    function setExitHeight(uint64 height) external {
        _exitHeight = height;
    }

    function setNextResult(UpdateResult result) external {
        nextResult = result;
    }

    function updateClient(bytes calldata clientMessage) external virtual returns (UpdateResult) {
        if (nextResult == UpdateResult.Update) latestHeight = abi.decode(clientMessage, (uint64));
        return nextResult;
    }

    function misbehaviour(bytes calldata) external {
        (_status, _stoppedAt) = (Status.Frozen, uint64(block.timestamp));
    }

    function verifyMembership(bytes calldata, uint64 height, bytes[] calldata path, bytes calldata value)
        external
        virtual
        returns (uint64)
    {
        require(_status == Status.Active, NotActive());
        _requireStored(path, value);
        return _timestamps[height];
    }

    function verifyNonMembership(bytes calldata, uint64 height, bytes[] calldata path)
        external
        virtual
        returns (uint64)
    {
        require(_status == Status.Active, NotActive());
        _requireAbsent(path);
        return _timestamps[height];
    }

    function verifyMembershipAtExit(bytes calldata, bytes[] calldata path, bytes calldata value)
        external
        returns (uint64)
    {
        require(_status != Status.Active, NotStopped());
        _requireStored(path, value);
        return _timestamps[latestHeight];
    }

    function verifyNonMembershipAtExit(bytes calldata, bytes[] calldata path) external returns (uint64) {
        require(_status != Status.Active, NotStopped());
        _requireAbsent(path);
        return _timestamps[latestHeight];
    }

    function status() external view returns (Status, uint64) {
        return (_status, _stoppedAt);
    }

    function exitHeight() external view returns (uint64) {
        return _exitHeight == 0 ? latestHeight : _exitHeight;
    }

    function getTimestamp(uint64 height) external view returns (uint64) {
        return _timestamps[height];
    }

    function _requireStored(bytes[] calldata path, bytes calldata value) private {
        ++proofsChecked;
        require(_stored[keccak256(abi.encode(path))] == keccak256(value), NotStored());
    }

    function _requireAbsent(bytes[] calldata path) private {
        ++proofsChecked;
        require(_stored[keccak256(abi.encode(path))] == 0, Stored());
    }
}

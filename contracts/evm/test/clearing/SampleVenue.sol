// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Trade } from "../../src/clearing/ClearingMessages.sol";
import { ClearingPort } from "../../src/clearing/ClearingPort.sol";
import { IVenue } from "../../src/interfaces/IVenue.sol";

/// @notice A venue as small as can be: matches whatever its operator says, and keeps what the hub answered.
contract SampleVenue is IVenue {
    enum State {
        None,
        Submitted,
        Cleared,
        Refused
    }

    struct Answer {
        bytes32 tradeId;
        string code;
    }

    ClearingPort public immutable port;
    mapping(bytes32 tradeId => State) public stateOf;
    mapping(bytes32 tradeId => string) public refusalOf;
    mapping(uint64 sequence => bytes32[]) private _tradesOf;
    uint96 private _count;
    bool public broken;
    bool public burning;
    bool public careful;

    constructor(ClearingPort port_) {
        port = port_;
    }

    function setBroken(bool broken_) external {
        broken = broken_;
    }

    function setBurning(bool burning_) external {
        burning = burning_;
    }

    function setCareful(bool careful_) external {
        careful = careful_;
    }

    function nextTradeId() public view returns (bytes32) {
        return bytes32(bytes20(address(this))) | bytes32(uint256(_count + 1));
    }

    function submit(Trade[] memory trades, uint64 timeoutTimestamp) external returns (uint64 sequence) {
        for (uint256 i = 0; i < trades.length; ++i) {
            trades[i].tradeId = nextTradeId();
            ++_count;
        }
        sequence = port.submitTrades(trades, timeoutTimestamp);
        for (uint256 i = 0; i < trades.length; ++i) {
            stateOf[trades[i].tradeId] = State.Submitted;
            _tradesOf[sequence].push(trades[i].tradeId);
        }
    }

    function onTradesAcknowledged(uint64 sequence, bool accepted, bytes calldata acknowledgement) external {
        require(msg.sender == address(port) && !broken);
        if (!accepted) return _refuseAll(sequence, "refused");
        Answer[] memory answers = abi.decode(acknowledgement, (Answer[]));
        for (uint256 i = 0; i < answers.length; ++i) {
            bool cleared = bytes(answers[i].code).length == 0;
            stateOf[answers[i].tradeId] = cleared ? State.Cleared : State.Refused;
            refusalOf[answers[i].tradeId] = answers[i].code;
        }
    }

    function onTradesTimedOut(uint64 sequence) external {
        require(msg.sender == address(port) && !broken);
        while (burning) { }
        if (!careful) return _refuseAll(sequence, "timeout");
        try this.refuseAll(sequence) { } catch { }
    }

    function refuseAll(uint64 sequence) external {
        require(msg.sender == address(this) && gasleft() > 960_000);
        _refuseAll(sequence, "timeout");
    }

    function _refuseAll(uint64 sequence, string memory code) private {
        bytes32[] storage trades = _tradesOf[sequence];
        for (uint256 i = 0; i < trades.length; ++i) {
            (stateOf[trades[i]], refusalOf[trades[i]]) = (State.Refused, code);
        }
    }
}

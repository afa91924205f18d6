// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Commitments } from "../core/Commitments.sol";
import { IClearingPort } from "../interfaces/IClearingPort.sol";
import { IIbcApplication } from "../interfaces/IIbcApplication.sol";
import { IIbcCore } from "../interfaces/IIbcCore.sol";
import { MsgSendPacket, Packet, Payload } from "../interfaces/IbcMessages.sol";
import { IStandbyLines } from "../interfaces/IStandbyLines.sol";
import { IVenue } from "../interfaces/IVenue.sol";
import { CollateralVault } from "../vault/CollateralVault.sol";
import { ClearingMessages, Notice, StandbyLocked, Trade } from "./ClearingMessages.sol";

/// @title The settlement application on the EVM (port `clearing`)
/// @notice Venues submit trades; the hub calls for standby lines, sets parameters and tells of settlements.
/// It listens to client-0 only, the hub, which IbcCore makes in its constructor: everyone may add clients,
/// nobody may speak for the hub through one. Wire format: docs/vault.md, version causeway-clearing-1.
/// @dev What governance may call is one function of one contract, by target and selector. Never the core,
/// never
/// a light client (Poly Network, 2021: a packet that called the bridge's own keeper).
contract ClearingPort is IIbcApplication, IClearingPort {
    /// @notice The client of the hub.
    string public constant HUB_CLIENT = "client-0";
    /// @notice Trades of one submission: the hub refuses more.
    uint256 public constant TRADES_MAX = 256;
    /// @notice Gas that a venue is called back with, neither more nor less: other packets of the same
    /// transaction don't depend on what it does with it. No less when it is called again.
    uint256 public constant VENUE_GAS = 1_000_000;

    bytes32 private constant HUB_CLIENT_HASH = keccak256(bytes("client-0"));

    /// @notice The core that this application obeys.
    IIbcCore public immutable core;
    /// @notice The vault whose parameters the hub's governance sets.
    CollateralVault public immutable vault;
    /// @notice The lines that margin calls pull.
    IStandbyLines public immutable standbyLines;

    mapping(uint64 sequence => address) private _venueOf;
    mapping(uint64 sequence => bytes32 callHash) private _unheard;

    /// @notice A venue submitted trades.
    event TradesSubmitted(address indexed venue, uint64 indexed sequence, Trade[] trades);
    /// @notice A venue failed when it was called back; it may be called again by `callVenue`.
    event VenueFailed(address indexed venue, uint64 indexed sequence);
    /// @notice The hub called for a standby line, and this much is on its way.
    event MarginCalled(bytes32 indexed line, uint256 called, uint256 pulled);
    /// @notice The hub's governance set a parameter.
    event GovernanceExecuted(address indexed target, bytes data);
    /// @notice The hub settled with an account; the venue's own records may follow.
    event Settled(uint64 indexed market, bytes20 indexed account, uint16 sub, int128 cashE6);

    error Unauthorized(address expected, address caller);
    error NotTheHub(string clientId);
    error UnexpectedPort(string expected, string given);
    error UnexpectedVersion(string expected, string given);
    error UnexpectedEncoding(string expected, string given);
    error UnknownKind(uint8 kind);
    error TradeCount(uint256 given, uint256 max);
    error ForeignTradeId(bytes32 tradeId, address venue);
    error ForbiddenCall(address target, bytes4 selector);
    error NothingUnheard(uint64 sequence);
    error MoreGasNeeded(uint256 needed, uint256 left);

    modifier only(address expected) {
        require(msg.sender == expected, Unauthorized(expected, msg.sender));
        _;
    }

    constructor(IIbcCore core_, CollateralVault vault_, IStandbyLines standbyLines_) {
        core = core_;
        vault = vault_;
        standbyLines = standbyLines_;
    }

    /// @notice Submits trades for clearing, from the venue that matched them. It is called back once.
    /// @param trades The first 20 bytes of each id are the caller: by them the hub knows whose trades they
    /// are.
    /// @param timeoutTimestamp Seconds, at most 24 hours ahead.
    function submitTrades(Trade[] calldata trades, uint64 timeoutTimestamp)
        external
        returns (uint64 sequence)
    {
        require(trades.length != 0 && trades.length <= TRADES_MAX, TradeCount(trades.length, TRADES_MAX));
        for (uint256 i = 0; i < trades.length; ++i) {
            bytes32 tradeId = trades[i].tradeId;
            require(address(bytes20(tradeId)) == msg.sender, ForeignTradeId(tradeId, msg.sender));
        }
        sequence = _send(ClearingMessages.TRADES, abi.encode(trades), timeoutTimestamp);
        _venueOf[sequence] = msg.sender;
        emit TradesSubmitted(msg.sender, sequence, trades);
    }

    /// @notice Calls a venue back that failed at first, now with all the gas there is, and not with less:
    /// whoever calls must not use up the answer by a call that a venue, seeing to its own failures,
    /// survives for lack of gas only.
    /// @param data The call that it failed in: IVenue's onTradesAcknowledged or onTradesTimedOut, encoded.
    function callVenue(uint64 sequence, bytes calldata data) external {
        require(_unheard[sequence] == keccak256(data), NothingUnheard(sequence));
        delete _unheard[sequence];
        address venue = _takeVenue(sequence);
        _requireVenueGas();
        (bool done, bytes memory reason) = venue.call(data);
        if (!done) _revertWith(reason);
    }

    /// @inheritdoc IClearingPort
    function announce(StandbyLocked calldata locked, uint64 timeoutTimestamp)
        external
        only(address(standbyLines))
        returns (uint64 sequence)
    {
        return _send(ClearingMessages.STANDBY_LOCKED, abi.encode(locked), timeoutTimestamp);
    }

    /// @inheritdoc IIbcApplication
    function onRecvPacket(Packet calldata packet)
        external
        only(address(core))
        returns (bytes memory acknowledgement)
    {
        require(keccak256(bytes(packet.destClient)) == HUB_CLIENT_HASH, NotTheHub(packet.destClient));
        (uint8 kind, bytes memory body) = _read(packet.payloads[0]);
        if (kind == ClearingMessages.MARGIN_CALL) return _callMargin(body);
        if (kind == ClearingMessages.GOVERNANCE) return _govern(body);
        if (kind == ClearingMessages.NOTICE) return _notice(body);
        revert UnknownKind(kind);
    }

    /// @inheritdoc IIbcApplication
    function onAcknowledgementPacket(Packet calldata packet, bytes calldata acknowledgement)
        external
        only(address(core))
    {
        bool accepted = !Commitments.isError(acknowledgement);
        (uint8 kind, bytes memory body) = _read(packet.payloads[0]);
        if (kind == ClearingMessages.TRADES) {
            _tellVenue(
                packet.sequence,
                abi.encodeCall(IVenue.onTradesAcknowledged, (packet.sequence, accepted, acknowledgement))
            );
        } else if (!accepted) {
            _release(body);
        }
    }

    /// @inheritdoc IIbcApplication
    function onTimeoutPacket(Packet calldata packet) external only(address(core)) {
        (uint8 kind, bytes memory body) = _read(packet.payloads[0]);
        if (kind == ClearingMessages.TRADES) {
            _tellVenue(packet.sequence, abi.encodeCall(IVenue.onTradesTimedOut, (packet.sequence)));
        } else {
            _release(body);
        }
    }

    /// @dev Pulls a line; the deposit is a packet of the same transaction, this answer credits nothing.
    function _callMargin(bytes memory body) private returns (bytes memory) {
        (bytes32 line, uint256 amount) = abi.decode(body, (bytes32, uint256));
        uint256 pulled = standbyLines.pull(line, amount);
        emit MarginCalled(line, amount, pulled);
        return abi.encode(pulled);
    }

    /// @dev The hub sends this kind for its governance only.
    function _govern(bytes memory body) private returns (bytes memory) {
        (bytes32 targetWord, bytes memory data) = abi.decode(body, (bytes32, bytes));
        address target = address(uint160(uint256(targetWord)));
        require(
            bytes32(uint256(uint160(target))) == targetWord && target == address(vault)
                && bytes4(data) == CollateralVault.setOutflowLimit.selector,
            ForbiddenCall(target, bytes4(data))
        );
        (bool done, bytes memory reason) = target.call(data);
        if (!done) _revertWith(reason);
        emit GovernanceExecuted(target, data);
        return ClearingMessages.SUCCESS_ACKNOWLEDGEMENT;
    }

    function _notice(bytes memory body) private returns (bytes memory) {
        Notice memory notice = abi.decode(body, (Notice));
        emit Settled(notice.market, notice.account, notice.sub, notice.cashE6);
        return ClearingMessages.SUCCESS_ACKNOWLEDGEMENT;
    }

    /// @dev The hub does not know the line that this body told it of.
    function _release(bytes memory body) private {
        standbyLines.release(abi.decode(body, (StandbyLocked)).line);
    }

    /// @dev Calls a venue back with a set amount of gas, whatever the relayer gave; what it answers is not
    /// even copied. Whoever relays others' packets must not pay for what a venue does, nor be stopped by it.
    function _tellVenue(uint64 sequence, bytes memory data) private {
        address venue = _venueOf[sequence];
        _requireVenueGas();
        bool done;
        uint256 venueGas = VENUE_GAS;
        assembly ("memory-safe") {
            done := call(venueGas, venue, 0, add(data, 0x20), mload(data), 0, 0)
        }
        if (done) {
            delete _venueOf[sequence];
        } else {
            _unheard[sequence] = keccak256(data);
            emit VenueFailed(venue, sequence);
        }
    }

    /// @dev A call hands on at most 63/64 of what is left (EIP-150).
    function _requireVenueGas() private view {
        uint256 neededGas = VENUE_GAS + VENUE_GAS / 32;
        require(gasleft() >= neededGas, MoreGasNeeded(neededGas, gasleft()));
    }

    function _revertWith(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    function _takeVenue(uint64 sequence) private returns (address venue) {
        venue = _venueOf[sequence];
        delete _venueOf[sequence];
    }

    function _send(uint8 kind, bytes memory body, uint64 timeoutTimestamp)
        private
        returns (uint64 sequence)
    {
        Payload memory payload = Payload(
            ClearingMessages.PORT,
            ClearingMessages.PORT,
            ClearingMessages.VERSION,
            ClearingMessages.ENCODING,
            abi.encode(kind, body)
        );
        return core.sendPacket(MsgSendPacket(HUB_CLIENT, timeoutTimestamp, payload));
    }

    function _read(Payload calldata payload) private pure returns (uint8 kind, bytes memory body) {
        require(
            keccak256(bytes(payload.sourcePort)) == keccak256(bytes(ClearingMessages.PORT)),
            UnexpectedPort(ClearingMessages.PORT, payload.sourcePort)
        );
        require(
            keccak256(bytes(payload.version)) == keccak256(bytes(ClearingMessages.VERSION)),
            UnexpectedVersion(ClearingMessages.VERSION, payload.version)
        );
        require(
            keccak256(bytes(payload.encoding)) == keccak256(bytes(ClearingMessages.ENCODING)),
            UnexpectedEncoding(ClearingMessages.ENCODING, payload.encoding)
        );
        return abi.decode(payload.value, (uint8, bytes));
    }
}

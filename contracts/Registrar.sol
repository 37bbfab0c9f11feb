// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Registrar
/// @notice Who may admit, suspend and attest prefixes: OpenZeppelin's AccessManager, as it is. Its administrator
/// should be a multisig in production.
contract Registrar is AccessManager {
    constructor(address administrator) AccessManager(administrator) {}
}

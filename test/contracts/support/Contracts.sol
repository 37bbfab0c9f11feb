// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {ICertificates} from "../../../contracts/interfaces/ICertificates.sol";
import {ILifeEvents} from "../../../contracts/interfaces/ILifeEvents.sol";
import {IOrganisations} from "../../../contracts/interfaces/IOrganisations.sol";
import {ILots} from "../../../contracts/interfaces/ILots.sol";
import {IPieces} from "../../../contracts/interfaces/IPieces.sol";

// The contracts as the tests call them, under names of their own. They are deployed from their artifacts, so nothing here compiles them again.

interface TestedCertificates is ICertificates {
    function multicall(bytes[] calldata calls) external returns (bytes[] memory answers);
}

interface TestedLifeEvents is ILifeEvents {
    function multicall(bytes[] calldata calls) external returns (bytes[] memory answers);
}

interface TestedLots is ILots {
    function multicall(bytes[] calldata calls) external returns (bytes[] memory answers);
}

interface TestedOrganisations is IOrganisations, IAccessManaged {}

interface TestedPieces is IPieces, IERC721Metadata, IAccessManaged {
    function multicall(bytes[] calldata calls) external returns (bytes[] memory answers);
}

interface TestedRegistrar is IAccessManager {}

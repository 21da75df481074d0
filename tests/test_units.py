"""The systemd units and the crontab line under docs/ are what systemd and cron understand."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

FOLDER = ROOT / "docs" / "systemd"
UNITS = sorted(p for p in FOLDER.iterdir() if p.suffix in (".service", ".timer"))

KNOWN = {
    "Unit": "Description Documentation Wants After StartLimitIntervalSec",
    "Service": "Type User WorkingDirectory ExecStart Restart RestartSec RestartPreventExitStatus SuccessExitStatus KillMode"
    " TimeoutStartSec TimeoutStopSec ProtectSystem ReadWritePaths ProtectHome PrivateTmp PrivateDevices ProtectClock"
    " ProtectControlGroups ProtectHostname ProtectKernelLogs ProtectKernelModules ProtectKernelTunables ProtectProc NoNewPrivileges"
    " CapabilityBoundingSet LockPersonality RestrictAddressFamilies RestrictRealtime RestrictSUIDSGID SystemCallArchitectures"
    " UMask MemoryMax IPAddressAllow IPAddressDeny RestrictNamespaces MemoryDenyWriteExecute",
    "Timer": "OnBootSec OnUnitInactiveSec RandomizedDelaySec",
    "Install": "WantedBy",
}
"""systemd.unit(5), systemd.service(5), systemd.exec(5), systemd.kill(5), systemd.resource-control(5), systemd.timer(5)."""

HARDENED = ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectKernelModules", "ProtectKernelTunables", "RestrictSUIDSGID")
SPAN = re.compile(r"(\d+|\d+(s|min|h)|infinity)")


def read(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


def test_all_of_them_are_there() -> None:
    assert [p.name for p in UNITS] == ["newswatch-browse.service", "newswatch-once.service", "newswatch-once.timer", "newswatch.service"]


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_a_unit_has_known_sections_and_keys_only(path: Path) -> None:
    unit = read(path)
    for section in unit.sections():
        assert section in KNOWN
        unknown = set(unit[section]) - set(KNOWN[section].split())
        assert not unknown, f"{section}: {unknown}"
        for key, value in unit[section].items():
            if key.endswith("Sec"):
                assert SPAN.fullmatch(value), f"{key}={value}"


@pytest.mark.parametrize("path", [p for p in UNITS if p.suffix == ".service"], ids=lambda p: p.name)
def test_a_service_is_hardened_and_writes_into_data_only(path: Path) -> None:
    service = read(path)["Service"]
    assert service["ProtectSystem"] == "strict" and service["ReadWritePaths"] == f"{service['WorkingDirectory']}/data"
    assert all(service[key] == "yes" for key in HARDENED)
    command = "browse" if "browse" in path.name else "watch"
    assert service["ExecStart"].startswith(f"{service['WorkingDirectory']}/.venv/bin/scrapy {command}")
    assert service["User"] != "root" and (command == "browse" or service["KillMode"] == "mixed"), "crawls finish what they have"


def test_the_service_begins_again_and_the_timer_has_its_service() -> None:
    assert read(FOLDER / "newswatch.service")["Service"]["Restart"] == "on-failure"
    once = read(FOLDER / "newswatch-once.service")
    assert once["Service"]["Type"] == "oneshot" and once["Service"]["ExecStart"].endswith(" watch --once")
    assert read(FOLDER / "newswatch-once.timer")["Install"]["WantedBy"] == "timers.target"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here: the keys are checked above")
def test_systemd_itself_has_nothing_to_say_against_them(tmp_path: Path) -> None:
    program = tmp_path / "opt" / ".venv" / "bin" / "scrapy"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for path in UNITS:
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8").replace("/opt/newswatch", str(tmp_path / "opt")))
    command = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / p.name) for p in UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "newswatch" in line]) == (0, [])


RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def is_cron_field(text: str, low: int, high: int) -> bool:
    """Numbers, ranges, lists and steps, within the field's bounds: crontab(5)."""
    for part in text.split(","):
        base, _, step = part.partition("/")
        if step and not (step.isdecimal() and int(step) > 0):
            return False
        ends = (str(low), str(high)) if base == "*" else tuple(base.split("-"))
        if len(ends) > 2 or not all(e.isdecimal() and low <= int(e) <= high for e in ends):
            return False
    return True


def test_the_check_of_cron_fields_refuses_what_is_none() -> None:
    assert all(is_cron_field(t, 0, 59) for t in ("*", "*/5", "0-30/10", "1,2,59"))
    assert not any(is_cron_field(t, 0, 59) for t in ("60", "*/0", "a", "", "1-2-3", "5-61"))


def test_the_crontab_line_has_five_fields_and_a_command_without_percent_signs() -> None:
    lines = [x for x in (FOLDER / "newswatch.cron").read_text(encoding="utf-8").splitlines() if x and not x.startswith("#")]
    assert len(lines) == 1
    *fields, command = lines[0].split(maxsplit=5)
    assert all(is_cron_field(field, *bounds) for field, bounds in zip(fields, RANGES, strict=True))
    assert "%" not in command and "scrapy watch --once" in command

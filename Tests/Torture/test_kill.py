# 杀进程: each service dies at a random moment while callers from outside go on, and starts again.
# Every answer that was given holds afterwards, and the same request is answered the same.
import random
import time

from check import check, check_derived, count_acknowledged
from conftest import SEED, cycles
from end_to_end import SERVICES
from house import House
from load import Callers, Ledger

# After so many kills a new folder, so that what has to be compared stays small.
CYCLES_A_FOLDER = 12


def test_kill(new_folder, tally):
    chance = random.Random(SEED)
    # Each of them alone, as often as was asked for, and now and then all at once.
    victims = [(name,) for name in SERVICES for _ in range(cycles(1))]
    victims += [tuple(SERVICES)] * (len(victims) // 5)
    chance.shuffle(victims)
    for start in range(0, len(victims), CYCLES_A_FOLDER):
        ledger = Ledger()
        house = House(new_folder / f"h{start}").start()
        try:
            for chosen in victims[start:start + CYCLES_A_FOLDER]:
                with Callers(house, ledger):
                    time.sleep(chance.uniform(0.2, 0.8))
                    house.kill(*chosen)
                    house.start(*chosen)
                    time.sleep(chance.uniform(0, 0.3))
                for name in chosen:
                    check(house, ledger, name, tally, repeat=200)
                    tally.add(name, cycles=1)
            for name in SERVICES:
                check(house, ledger, name, tally)
            check_derived(house, ledger, tally)
            count_acknowledged(ledger, tally, SERVICES)
        finally:
            house.stop()

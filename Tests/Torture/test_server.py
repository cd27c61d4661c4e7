# 数据库服务器: stores on PostgreSQL, while its connections are cut, it dies and comes back, and callers go
# on. Every answer that was given holds afterwards, and the same request is answered the same.
import random
import time

from check import check, check_derived, count_acknowledged
from conftest import SEED, cycles
from database_server import database_server
from end_to_end import SERVICES
from house import House
from load import Callers, Ledger


def test_server(new_folder, tally):
    chance = random.Random(SEED)
    ledger = Ledger()
    with database_server() as server:
        house = House(new_folder, more=["--store", server.database("torture")]).start()
        try:
            for _ in range(cycles(1)):
                with Callers(house, ledger):
                    time.sleep(chance.uniform(0.2, 0.8))
                    server.cut_connections("torture")
                    time.sleep(chance.uniform(0.2, 0.8))
                    server.kill()
                    time.sleep(chance.uniform(0, 0.5))
                    server.restart()
                    time.sleep(chance.uniform(0.2, 0.5))
                for name in SERVICES:
                    check(house, ledger, name, tally, repeat=200)
                    tally.add(name, cycles=1)
            check_derived(house, ledger, tally)
            count_acknowledged(ledger, tally, SERVICES)
        finally:
            house.stop()

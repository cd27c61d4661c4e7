# Units that move about a county, for benchmarks: who there is, where they are, and, by looking at everybody,
# who is nearest.
import math
import random
import time

CENTRE, EARTH = (28.0, 120.6), 6_371_008.8
# Metres per second.
SPEEDS = {"car": 12, "motorcycle": 12, "foot": 1.3, "drone": 14}


def distance(one, other):
    north, east = (math.sin(math.radians(b - a) / 2) for a, b in zip(one, other))
    h = north * north + math.cos(math.radians(one[0])) * math.cos(math.radians(other[0])) * east * east
    return 2 * EARTH * math.asin(min(1, math.sqrt(h)))


class World:
    """Who there is, and where they move: the same for all three."""

    def __init__(self, count, span, seed):
        self.chance = random.Random(seed)
        self.span = span
        self.signs = [f"B{number:06}" for number in range(count)]
        self.kinds = self.chance.choices(list(SPEEDS), [60, 25, 14.5, 0.5], k=count)
        self.medic = [self.chance.random() < 0.03 for _ in range(count)]
        self.free = [self.chance.random() < 0.7 for _ in range(count)]
        self.places = [self.anywhere() for _ in range(count)]
        self.headings = [self.chance.uniform(0, 2 * math.pi) for _ in range(count)]
        # Of each unit's newest position: they report every ten seconds of their own time.
        self.seconds = [time.time() - 7200] * count

    def anywhere(self):
        return (CENTRE[0] + self.chance.uniform(-self.span, self.span) / 111_195,
                CENTRE[1] + self.chance.uniform(-self.span, self.span) / 98_180)

    def move(self, count):
        """So many units, each ten seconds further: straight on mostly, some metres of scatter, one in five
        stands still."""
        moved = self.chance.sample(range(len(self.signs)), count)
        for number in moved:
            if self.chance.random() < 0.1:
                self.headings[number] = self.chance.uniform(0, 2 * math.pi)
            step = 0 if number % 5 == 0 else SPEEDS[self.kinds[number]] * 10
            heading, at = self.headings[number], self.places[number]
            self.places[number] = (
                at[0] + (step * math.cos(heading) + self.chance.gauss(0, 2)) / 111_195,
                at[1] + (step * math.sin(heading) + self.chance.gauss(0, 2)) / 98_180)
            self.seconds[number] += 10
        return moved

    def suits(self, number, question):
        _, kind, capability, free = question
        return ((kind is None or self.kinds[number] == kind) and (capability is None or self.medic[number])
                and (not free or self.free[number]))

    def truth(self, point, question, limit):
        """By looking at everybody."""
        near = [(distance(point, self.places[n]), n) for n in range(len(self.signs)) if self.suits(n, question)]
        return sorted(near)[:limit]

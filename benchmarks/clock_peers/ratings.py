"""The script that a user of Surprise writes for a table of ratings: train, judge on a fifth, the best items for a user.

python ratings.py FILE USER ITEM RATING ID
"""

import sys

import pandas as pd
from surprise import SVD, Dataset, Reader, accuracy
from surprise.model_selection import train_test_split

file, user, item, rating, asked = sys.argv[1:]
table = pd.read_csv(file)[[user, item, rating]]
ratings = Dataset.load_from_df(table, Reader(rating_scale=(table[rating].min(), table[rating].max())))
train, test = train_test_split(ratings, test_size=0.2, random_state=0)
model = SVD(random_state=0).fit(train)
seen = set(table[item][table[user] == int(asked)])
items = [each for each in table[item].unique() if each not in seen]
scores = [model.predict(int(asked), each).est for each in items]
print(sorted(zip(scores, items, strict=True), reverse=True)[:3])
print(accuracy.rmse(model.test(test), verbose=False))

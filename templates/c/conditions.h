/* IF(NET_DROPOUT)(, seeds) is an argument where NET_DROPOUT is 1, UNLESS(NET_DROPOUT)(, seeds) where it is not defined */
#define IF(feature) IF_1(feature)
#define IF_1(feature) CHOSEN(COMMA_##feature KEEP, DROP, )
#define UNLESS(feature) UNLESS_1(feature)
#define UNLESS_1(feature) CHOSEN(COMMA_##feature DROP, KEEP, )
#define COMMA_1 0,
#define CHOSEN(...) SECOND(__VA_ARGS__)
#define SECOND(first, second, ...) second
#define KEEP(...) __VA_ARGS__
#define DROP(...)
